"""The topic in Iceberg tables by Spark, for organisations that outgrow one PostgreSQL."""
