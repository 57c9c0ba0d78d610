"""The FHIR face: IHE MHD 4.2.x and the French PDSm and PDSm for DMP, one interaction one file."""
