"""An authority that certifies servers for the tests, by openssl: nothing of it is trusted elsewhere."""

import ssl
import subprocess

KEY = ("-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes")


class Authority:
    def __init__(self, folder, name="authority"):
        self.folder = folder
        self.name = name
        self.certificate = folder / f"{name}.pem"
        self.key = folder / f"{name}.key"
        openssl("req", "-x509", *KEY, "-keyout", self.key, "-out", self.certificate,
                "-subj", f"/CN={name}", "-addext", "keyUsage=critical,keyCertSign")

    def context(self, host, *, days=2):
        """What a server needs to speak TLS as `host`."""
        base = self.folder / f"{self.name}-{host}"
        request, key, certificate = (base.with_suffix(f".{kind}") for kind in ("csr", "key", "crt"))
        names = base.with_suffix(".ext")
        names.write_text(f"subjectAltName=DNS:{host}\n")
        openssl("req", "-new", *KEY, "-keyout", key, "-out", request, "-subj", f"/CN={host}")
        openssl("x509", "-req", "-in", request, "-CA", self.certificate, "-CAkey", self.key,
                "-CAcreateserial", "-days", days, "-extfile", names, "-out", certificate)
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(certificate, key)
        return context


def openssl(*arguments):
    subprocess.run(["openssl", *map(str, arguments)], check=True, capture_output=True)
