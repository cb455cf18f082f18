"""Serves Marquez's API from schema `lineage`, and takes events over HTTP into Kafka."""
