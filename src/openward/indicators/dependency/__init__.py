"""Who leans on whom: products with few suppliers, and exposure through input-output links."""
