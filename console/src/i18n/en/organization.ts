const organization = {
  title: "Organization",
};

export default organization;
