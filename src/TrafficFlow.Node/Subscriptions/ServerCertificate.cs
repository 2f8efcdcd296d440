using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace TrafficFlow.Node.Subscriptions;

/// <summary>The certificate that subscribers see, with its key and the issuers behind it.</summary>
internal sealed record ServerCertificate(X509Certificate2 Certificate, SslStreamCertificateContext Context)
{
    private const UnixFileMode Others =
        UnixFileMode.GroupRead | UnixFileMode.GroupWrite | UnixFileMode.GroupExecute | UnixFileMode.OtherRead | UnixFileMode.OtherWrite | UnixFileMode.OtherExecute;

    /// <exception cref="FormatException">The files cannot be used; the message says why and what to do.</exception>
    public static ServerCertificate Read(string certificate, string key)
    {
        var chain = new X509Certificate2Collection();
        try
        {
            chain.ImportFromPem(Text(certificate));
        }
        catch (CryptographicException e)
        {
            throw new FormatException($"{certificate} holds no certificate in PEM form: take the .crt file of deploy/ca.sh node, or fullchain.pem of a public CA", e);
        }

        if (chain.Count == 0) throw new FormatException($"{certificate} holds no certificate in PEM form: take the .crt file of deploy/ca.sh node, or fullchain.pem of a public CA");
        var secret = Text(key);
        if (!OperatingSystem.IsWindows() && (File.GetUnixFileMode(key) & Others) != 0) throw new FormatException($"{key} can be read or changed by other accounts of this machine: chmod 600 {key}");
        try
        {
            var own = X509Certificate2.CreateFromPem(chain[0].ExportCertificatePem(), secret);
            chain.RemoveAt(0);
            return new ServerCertificate(own, SslStreamCertificateContext.Create(own, chain, offline: true));
        }
        catch (Exception e) when (e is CryptographicException or ArgumentException)
        {
            throw new FormatException($"{key} is not the private key of {certificate}, in PEM form and without a password: take both from the same 'ca.sh node' or 'ca.sh renew'", e);
        }
    }

    private static string Text(string file)
    {
        try
        {
            return File.ReadAllText(file);
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            throw new FormatException($"there is no file {file}: {Settings.UnitCredential.Remedy(file) ?? "make it with deploy/ca.sh node (deploy/CERTIFICATES.md), or take it from a public CA"}", e);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new FormatException($"{file} cannot be read ({e.Message}): give the account that runs trafficflow read access", e);
        }
    }
}
