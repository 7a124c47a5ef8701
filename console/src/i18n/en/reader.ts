const reader = {
  title: "Reader",
};

export default reader;
