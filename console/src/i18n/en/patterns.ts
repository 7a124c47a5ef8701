const patterns = {
  title: "Patterns",
};

export default patterns;
