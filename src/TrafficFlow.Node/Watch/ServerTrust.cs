using System.Globalization;
using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace TrafficFlow.Node.Watch;

/// <summary>Whether the certificate of a server is the right one, and in words why not.</summary>
internal sealed class ServerTrust(ServerAddress server, TimeProvider time)
{
    /// <summary>Why the certificate that was shown last was refused; null where it was not.</summary>
    public string? Problem { get; private set; }

    public SslClientAuthenticationOptions Options() => new()
    {
        RemoteCertificateValidationCallback = (_, certificate, _, errors) => (Problem = WhyNot(certificate as X509Certificate2, errors)) is null,
        CertificateRevocationCheckMode = X509RevocationMode.NoCheck,
        CertificateChainPolicy = server.Ca is null ? null : Policy(server.Ca),
        EnabledSslProtocols = System.Security.Authentication.SslProtocols.Tls12 | System.Security.Authentication.SslProtocols.Tls13,
    };

    private static X509ChainPolicy Policy(X509Certificate2Collection ca)
    {
        var policy = new X509ChainPolicy { TrustMode = X509ChainTrustMode.CustomRootTrust, RevocationMode = X509RevocationMode.NoCheck, DisableCertificateDownloads = true };
        policy.CustomTrustStore.AddRange(ca);
        return policy;
    }

    private string? WhyNot(X509Certificate2? certificate, SslPolicyErrors errors)
    {
        if (certificate is null) return "it shows no certificate";
        var (now, begin, end) = (time.GetUtcNow().UtcDateTime, certificate.NotBefore.ToUniversalTime(), certificate.NotAfter.ToUniversalTime());
        if (now > end) return $"its certificate has expired on {Minute(end)} and it is {Minute(now)}: who runs the server must renew it; or is this machine's clock ahead?";
        if (now < begin) return $"its certificate is not valid before {Minute(begin)} and it is {Minute(now)}: is this machine's clock behind?";
        var own = certificate.GetCertHashString(HashAlgorithmName.SHA256);
        if (server.Pin is { } pin && pin != own) return $"its certificate is not the one of --pin, but {own}: was it renewed? Ask who runs the server, and by another way than this one";
        // One certificate that was named is more than any CA says, and it may be found under another name.
        if (server.Pin is not null && server.Ca is null) return null;
        if (errors.HasFlag(SslPolicyErrors.RemoteCertificateChainErrors))
        {
            var issuer = $"\"{certificate.GetNameInfo(X509NameType.SimpleName, forIssuer: true)}\"";
            return server.Ca is null
                ? $"its certificate is from {issuer}, a CA that this machine does not trust: give that CA's certificate with --ca ca.crt, as you got it from who runs the server"
                : $"its certificate is from {issuer}, and not from the CA of --ca, \"{server.Ca[0].GetNameInfo(X509NameType.SimpleName, forIssuer: false)}\": is it the ca.crt of this server?";
        }

        return errors.HasFlag(SslPolicyErrors.RemoteCertificateNameMismatch)
            ? $"its certificate is for {string.Join(", ", Names(certificate).DefaultIfEmpty("no host"))}, and not for {server.Uri.Host}: write --server with one of these names"
            : null;
    }

    private static IEnumerable<string> Names(X509Certificate2 certificate) =>
        certificate.Extensions.OfType<X509SubjectAlternativeNameExtension>().FirstOrDefault() is { } names
            ? names.EnumerateDnsNames().Concat(names.EnumerateIPAddresses().Select(a => a.ToString()))
            : [];

    private static string Minute(DateTime time) => time.ToString("yyyy-MM-dd HH:mm'Z'", CultureInfo.InvariantCulture);
}
