"""A real broker that lets nobody in unasked: SSL with client certificates, SASL, and rights."""

import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta, timezone
from ipaddress import ip_address
from pathlib import Path
from typing import Any

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import (
    BestAvailableEncryption,
    Encoding,
    KeySerializationEncryption,
    NoEncryption,
    PrivateFormat,
)
from cryptography.x509.oid import NameOID
from kafka.admin import (
    ACL,
    ACLOperation,
    ACLPermissionType,
    KafkaAdminClient,
    ResourcePattern,
    ResourceType,
    ScramMechanism,
    UserScramCredentialUpsertion,
)

from services import kafka
from services.state import free_ports

TOPIC = "openlineage"
WRITER, STRANGER = "writer", "stranger"  # who may write to TOPIC, and who may nothing
LISTENERS = ("SSL", "SASL_PLAINTEXT", "SASL_SSL")
JAAS = "org.apache.kafka.common.security"
PROPERTIES = """
listeners=PLAINTEXT://127.0.0.1:{plain},CONTROLLER://127.0.0.1:{controller},{secure}
advertised.listeners=PLAINTEXT://127.0.0.1:{plain},{secure}
listener.security.protocol.map=PLAINTEXT:PLAINTEXT,CONTROLLER:PLAINTEXT,SSL:SSL,\
SASL_PLAINTEXT:SASL_PLAINTEXT,SASL_SSL:SASL_SSL
controller.quorum.voters=1@127.0.0.1:{controller}
authorizer.class.name=org.apache.kafka.metadata.authorizer.StandardAuthorizer
super.users=User:ANONYMOUS
ssl.keystore.type=PEM
ssl.keystore.location={folder}/broker.pem
ssl.truststore.type=PEM
ssl.truststore.location={folder}/ca.pem
ssl.principal.mapping.rules=RULE:^CN=(.*)$/$1/
listener.name.ssl.ssl.client.auth=required
sasl.enabled.mechanisms=PLAIN,SCRAM-SHA-256,SCRAM-SHA-512,OAUTHBEARER
"""
LOGINS = """
listener.name.{name}.plain.sasl.jaas.config={jaas}.plain.PlainLoginModule required \
user_{writer}="{password}" user_{stranger}="{password}";
listener.name.{name}.scram-sha-256.sasl.jaas.config={jaas}.scram.ScramLoginModule required;
listener.name.{name}.scram-sha-512.sasl.jaas.config={jaas}.scram.ScramLoginModule required;
listener.name.{name}.oauthbearer.sasl.jaas.config=\
{jaas}.oauthbearer.OAuthBearerLoginModule required unsecuredLoginStringClaim_sub="broker";
"""


@dataclass(frozen=True)
class SecureKafka:
    """Where a broker's listeners are, and what its clients need."""

    folder: Path
    plain: str  # host:port of the listener where everybody may do everything
    servers: dict[str, str]  # host:port by security protocol
    password: str  # of WRITER and STRANGER

    def file(self, name: str) -> str:
        """Return the path of a PEM file: ca, writer or writer.key (encrypted with `password`)."""
        return str(self.folder / f"{name}.pem")

    def settings(self, protocol: str, **more: Any) -> dict[str, Any]:
        """Return the transport's settings for a listener; without a login."""
        given = {"bootstrap_servers": self.servers[protocol], "security_protocol": protocol}
        if protocol.endswith("SSL"):
            given["ssl_ca_file"] = self.file("ca")
        return {"topic": TOPIC, "spool_dir": "none", **given, **more}


@contextmanager
def running_secure_kafka(folder: Path) -> Iterator[SecureKafka]:
    """Run a broker on loopback with all of LISTENERS, its users and their rights."""
    plain, controller, *ports = free_ports(2 + len(LISTENERS))
    servers = {name: f"127.0.0.1:{port}" for name, port in zip(LISTENERS, ports, strict=True)}
    broker = SecureKafka(folder, f"127.0.0.1:{plain}", servers, secrets.token_hex(16))
    folder.mkdir(parents=True)
    _make_certificates(broker)
    secure = ",".join(f"{name}://{address}" for name, address in servers.items())
    properties = PROPERTIES.format(plain=plain, controller=controller, secure=secure, folder=folder)
    for name in ("sasl_plaintext", "sasl_ssl"):
        properties += LOGINS.format(
            name=name, jaas=JAAS, writer=WRITER, stranger=STRANGER, password=broker.password
        )
    with kafka.start(folder, plain, more=properties):
        _let_in(broker)
        yield broker


def _let_in(broker: SecureKafka) -> None:
    admin = KafkaAdminClient(bootstrap_servers=broker.plain)
    admin.create_topics({TOPIC: {"num_partitions": 1}})
    topic = ResourcePattern(ResourceType.TOPIC, TOPIC)
    admin.create_acls(
        [
            ACL(f"User:{WRITER}", "*", operation, ACLPermissionType.ALLOW, topic)
            for operation in (ACLOperation.WRITE, ACLOperation.DESCRIBE)
        ]
    )
    for mechanism in (ScramMechanism.SCRAM_SHA_256, ScramMechanism.SCRAM_SHA_512):
        users = [
            UserScramCredentialUpsertion(user, mechanism, broker.password)
            for user in (WRITER, STRANGER)
        ]
        assert not any(admin.alter_user_scram_credentials(users).values())
    admin.close()


def _make_certificates(broker: SecureKafka) -> None:
    """Write a certificate authority, and what it signed, as PEM files."""
    key = ec.generate_private_key(ec.SECP256R1())
    authority = _certificate("authority", key, None, key)
    _write(broker, "ca", _pem(authority))
    for name in ("broker", WRITER, STRANGER):
        own = ec.generate_private_key(ec.SECP256R1())
        certificate = _certificate(name, own, authority, key)
        if name == "broker":
            _write(broker, name, _private(own, NoEncryption()) + _pem(certificate))
            continue
        _write(broker, name, _pem(certificate))
        encryption = BestAvailableEncryption(broker.password.encode())
        _write(broker, f"{name}.key", _private(own, encryption))


def _write(broker: SecureKafka, name: str, content: bytes) -> None:
    Path(broker.file(name)).write_bytes(content)


def _pem(certificate: x509.Certificate) -> bytes:
    return certificate.public_bytes(Encoding.PEM)


def _private(key: ec.EllipticCurvePrivateKey, encryption: KeySerializationEncryption) -> bytes:
    return key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, encryption)


def _certificate(
    name: str,
    key: ec.EllipticCurvePrivateKey,
    issuer: x509.Certificate | None,
    signing_key: ec.EllipticCurvePrivateKey,
) -> x509.Certificate:
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
    now = datetime.now(timezone.utc)
    signer = x509.AuthorityKeyIdentifier.from_issuer_public_key(signing_key.public_key())
    address = x509.SubjectAlternativeName([x509.IPAddress(ip_address("127.0.0.1"))])
    return (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer.subject if issuer else subject)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(hours=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.BasicConstraints(ca=issuer is None, path_length=None), critical=True)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
        .add_extension(signer, critical=False)
        .add_extension(address, critical=False)
        .sign(signing_key, hashes.SHA256())
    )
