const api = {
  title: "Api",
};

export default api;
