const request = {
  title: "Request",
};

export default request;
