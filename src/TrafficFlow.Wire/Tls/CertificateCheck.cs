using System.Formats.Asn1;
using System.Globalization;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using TrafficFlow.Wire.Peers;

namespace TrafficFlow.Wire.Tls;

/// <summary>Decides whether a certificate may be used in the cluster: our CA, the dates, the pin list, the role, the host. Pure.</summary>
public static class CertificateCheck
{
    private const string SubjectAlternativeName = "2.5.29.17";
    private static readonly Oid ServerAuthentication = new("1.3.6.1.5.5.7.3.1");
    private static readonly Oid ClientAuthentication = new("1.3.6.1.5.5.7.3.2");

    /// <param name="host">Name or address that the certificate must hold; null where it is not known yet.</param>
    /// <returns>All that is wrong, what matters most first; nothing where the certificate is good.</returns>
    public static IEnumerable<Refusal> Refusals(
        X509Certificate2 certificate, X509Certificate2 ca, PinList pins, string? host, DateTimeOffset now)
    {
        var name = Name(certificate);
        if (!IsIssuedBy(certificate, ca))
        {
            // Its dates and names say nothing: anybody can write them.
            yield return new Refusal(
                RefusalReason.WrongCa,
                $"certificate {name} is from another CA, {Issuer(certificate)}, and not from ours, {Name(ca)} (wrong CA): make one with 'ca.sh node'",
                name);
            yield break;
        }

        if (Expiry(certificate, now) is { } expired) yield return new Refusal(RefusalReason.Expired, $"certificate {name} {expired}: renew it with 'ca.sh renew'", name);
        else if (Expiry(ca, now) is { } old) yield return new Refusal(RefusalReason.Expired, $"certificate {name} is from our CA, which {old}: make a new CA with 'ca.sh init'", name);
        if (now < certificate.NotBefore)
        {
            yield return new Refusal(
                RefusalReason.NotYetValid,
                $"certificate {name} is not valid before {Time(certificate.NotBefore)} and it is {Time(now)}: is the clock of one machine wrong?",
                name);
        }

        if (!pins.Admits(certificate))
        {
            yield return new Refusal(
                RefusalReason.NotPinned,
                $"certificate {name} is not in the pin list: it was revoked, renewed, or never admitted (SHA-256 {PinList.Fingerprint(certificate)})",
                name);
        }

        if (PeerIdentity.Of(certificate) is null)
        {
            yield return new Refusal(
                RefusalReason.NoRole,
                $"certificate {name} does not say what its node may be (no role): renew it with 'ca.sh renew DIR NAME --role ROLE' (deploy/CERTIFICATES.md, Upgrade)",
                name);
        }

        if (host is not null && !Names(certificate, host))
        {
            yield return new Refusal(
                RefusalReason.WrongHost,
                $"certificate {name} is for {string.Join(", ", Hosts(certificate))} and not for {host} (wrong host): make one with 'ca.sh node' that names it",
                name);
        }
    }

    /// <summary>Whether the certificate is for that host, by its subject alternative names only.</summary>
    public static bool Names(X509Certificate2 certificate, string host) =>
        Uri.CheckHostName(host) is not (UriHostNameType.Unknown or UriHostNameType.Basic)
        && certificate.MatchesHostname(host.Trim('[', ']'), allowWildcards: false, allowCommonName: false);

    /// <summary>For our CA alone: what the machine trusts does not count, and nothing is fetched from the network.</summary>
    public static X509ChainPolicy Policy(X509Certificate2 ca)
    {
        var policy = new X509ChainPolicy
        {
            TrustMode = X509ChainTrustMode.CustomRootTrust,
            RevocationMode = X509RevocationMode.NoCheck,
            DisableCertificateDownloads = true,
            // The dates are looked at apart, with the node's clock, so that the refusal can say which date it is.
            VerificationFlags = X509VerificationFlags.IgnoreNotTimeValid,
        };
        policy.CustomTrustStore.Add(ca);
        policy.ApplicationPolicy.Add(ServerAuthentication);
        policy.ApplicationPolicy.Add(ClientAuthentication);
        return policy;
    }

    public static string Name(X509Certificate2 certificate) => $"\"{certificate.GetNameInfo(X509NameType.SimpleName, forIssuer: false)}\"";

    private static bool IsIssuedBy(X509Certificate2 certificate, X509Certificate2 ca)
    {
        using var chain = new X509Chain { ChainPolicy = Policy(ca) };
        try
        {
            return chain.Build(certificate) && chain.ChainElements.Count == 2;
        }
        catch (CryptographicException)
        {
            return false;
        }
    }

    private static string Issuer(X509Certificate2 certificate) => $"\"{certificate.GetNameInfo(X509NameType.SimpleName, forIssuer: true)}\"";

    private static string? Expiry(X509Certificate2 certificate, DateTimeOffset now) =>
        now > certificate.NotAfter ? $"has expired on {Time(certificate.NotAfter)} and it is {Time(now)}" : null;

    private static string Time(DateTimeOffset time) => time.UtcDateTime.ToString("yyyy-MM-dd HH:mm:ss'Z'", CultureInfo.InvariantCulture);

    private static IReadOnlyList<string> Hosts(X509Certificate2 certificate)
    {
        try
        {
            return certificate.Extensions[SubjectAlternativeName] is { } extension
                && new X509SubjectAlternativeNameExtension(extension.RawData) is var names
                && names.EnumerateDnsNames().Concat(names.EnumerateIPAddresses().Select(a => a.ToString())).ToList() is { Count: > 0 } hosts
                    ? hosts
                    : ["no host"];
        }
        catch (Exception e) when (e is CryptographicException or AsnContentException)
        {
            return ["no host"];
        }
    }
}
