using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using TrafficFlow.Wire.Tls;

namespace TrafficFlow.SystemTests.Security;

/// <summary>
/// A CA and nodes' certificates made in code, as deploy/ca.sh makes them, for tests that join actor systems in one process: no openssl is
/// needed, and it takes milliseconds. The folder goes with it.
/// </summary>
internal sealed class TestCertificates : IDisposable
{
    private static readonly OidCollection BothEnds = [new Oid("1.3.6.1.5.5.7.3.1"), new Oid("1.3.6.1.5.5.7.3.2")];

    private readonly DateTimeOffset _from = TimeProvider.System.GetUtcNow().AddDays(-1);
    private readonly X509Certificate2 _ca;
    private readonly string _folder = Directory.CreateTempSubdirectory("trafficflow-tls-").FullName;

    public TestCertificates()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=TrafficFlow CA of a test", key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, true, 0, true));
        request.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.KeyCertSign, true));
        request.CertificateExtensions.Add(new X509SubjectKeyIdentifierExtension(request.PublicKey, false));
        _ca = request.CreateSelfSigned(_from.AddDays(-1), _from.AddYears(2));
        File.WriteAllText(In("ca.crt"), _ca.ExportCertificatePem());
        File.WriteAllText(In("pins.txt"), "# made by a test\n");
    }

    /// <summary>A node that may join all those of this CA.</summary>
    /// <param name="role">server, roadside or subscriber.</param>
    /// <param name="site">Of a roadside node; null for any other.</param>
    public TlsFiles Node(string name, string role = "server", string? site = null, string host = "127.0.0.1")
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest($"CN={name}", key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(false, false, 0, true));
        request.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.DigitalSignature, true));
        request.CertificateExtensions.Add(new X509EnhancedKeyUsageExtension(BothEnds, false));
        request.CertificateExtensions.Add(new X509SubjectKeyIdentifierExtension(request.PublicKey, false));
        request.CertificateExtensions.Add(X509AuthorityKeyIdentifierExtension.CreateFromCertificate(_ca, true, false));
        var names = new SubjectAlternativeNameBuilder();
        if (IPAddress.TryParse(host, out var address)) names.AddIpAddress(address);
        else names.AddDnsName(host);
        names.AddUri(new Uri($"trafficflow://{role}/{name}{(site is null ? "" : $"?site={site}")}"));
        request.CertificateExtensions.Add(names.Build());
        using var certificate = request.Create(_ca, _from, _from.AddDays(400), Encoding.ASCII.GetBytes(name.PadLeft(8)));
        File.WriteAllText(In($"{name}.crt"), certificate.ExportCertificatePem());
        using (var file = new FileStream(In($"{name}.key"), OwnerOnly)) file.Write(Encoding.ASCII.GetBytes(key.ExportPkcs8PrivateKeyPem()));
        File.AppendAllText(In("pins.txt"), $"{certificate.GetCertHashString(HashAlgorithmName.SHA256)} {name}\n");
        return new TlsFiles(In("ca.crt"), In($"{name}.crt"), In($"{name}.key"), In("pins.txt"));
    }

    public void Dispose()
    {
        _ca.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    private static FileStreamOptions OwnerOnly
    {
        get
        {
            var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write };
            if (!OperatingSystem.IsWindows()) options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
            return options;
        }
    }

    private string In(string name) => Path.Combine(_folder, name);
}
