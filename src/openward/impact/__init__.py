"""The main job: a reform of the law in, its impact on the world out."""
