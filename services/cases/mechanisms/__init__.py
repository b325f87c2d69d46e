"""The joint mechanisms of an area (一轴五联), as its agency names them."""
