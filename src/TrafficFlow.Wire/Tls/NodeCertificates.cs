using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace TrafficFlow.Wire.Tls;

/// <summary>What <see cref="TlsFiles"/> hold, read and checked: our CA, this node's certificate with its key, who may join.</summary>
public sealed record NodeCertificates(X509Certificate2 Ca, X509Certificate2 Own, PinList Pins)
{
    private const UnixFileMode Readers = UnixFileMode.OtherRead | UnixFileMode.OtherWrite | UnixFileMode.GroupWrite;

    /// <param name="host">What other nodes call this one.</param>
    /// <param name="problems">All that is wrong.</param>
    /// <returns>Null where something is wrong.</returns>
    public static NodeCertificates? Read(TlsFiles files, string host, DateTimeOffset now, out IReadOnlyList<TlsProblem> problems)
    {
        var found = new List<TlsProblem>();
        problems = found;
        var ca = Certificate(TlsFile.Ca, files.Ca, found);
        if (ca is not null && ca.Extensions.OfType<X509BasicConstraintsExtension>().SingleOrDefault() is not { CertificateAuthority: true })
        {
            found.Add(new TlsProblem(TlsFile.Ca, $"{files.Ca} is the certificate of a node and not of a CA", "take the ca.crt that 'ca.sh init' made"));
            ca = null;
        }

        var own = Certificate(TlsFile.Certificate, files.Certificate, found);
        var key = Text(TlsFile.Key, files.Key, found);
        if (key is not null) CheckKeyMode(files.Key, found);
        var withKey = own is null || key is null ? null : Join(own, key, files, found);
        var pins = Text(TlsFile.Pins, files.Pins, found) is { } text ? ReadPins(text, files.Pins, found) : null;
        if (own is not null && ca is not null && pins is not null)
        {
            foreach (var refusal in CertificateCheck.Refusals(own, ca, pins, host, now))
                found.Add(Problem(refusal, files));
        }

        return found.Count == 0 ? new NodeCertificates(ca!, withKey!, pins!) : null;
    }

    /// <summary>What is wrong with a peer's certificate, or null.</summary>
    /// <param name="host">What the peer is called; null where it has not said so yet.</param>
    public Refusal? Refuse(X509Certificate2 peer, string? host, DateTimeOffset now) =>
        CertificateCheck.Refusals(peer, Ca, Pins, host, now).FirstOrDefault();

    private static TlsProblem Problem(Refusal refusal, TlsFiles files) => refusal.Reason switch
    {
        RefusalReason.NotPinned => new TlsProblem(
            TlsFile.Pins, $"{files.Pins} does not list this node's own certificate, so that it was revoked or renewed", "copy the pins.txt of the CA here, or make a certificate with 'ca.sh node' or 'ca.sh renew'"),
        _ when refusal.Text.LastIndexOf(": ", StringComparison.Ordinal) is > 0 and var cut => new TlsProblem(TlsFile.Certificate, refusal.Text[..cut], refusal.Text[(cut + 2)..]),
        _ => new TlsProblem(TlsFile.Certificate, refusal.Text, "make one with 'ca.sh node'"),
    };

    private static PinList ReadPins(string text, string file, List<TlsProblem> found)
    {
        var pins = PinList.Parse(text, out var wrong);
        found.AddRange(wrong.Select(line => new TlsProblem(TlsFile.Pins, $"{file}: {line}", "write FINGERPRINT NAME, as ca.sh does")));
        return pins;
    }

    private static X509Certificate2? Certificate(TlsFile which, string file, List<TlsProblem> found)
    {
        if (Text(which, file, found) is not { } text) return null;
        try
        {
            return X509Certificate2.CreateFromPem(text);
        }
        catch (CryptographicException)
        {
            found.Add(new TlsProblem(which, $"{file} holds no certificate in PEM form", "take the .crt file that ca.sh made"));
            return null;
        }
    }

    private static X509Certificate2? Join(X509Certificate2 own, string key, TlsFiles files, List<TlsProblem> found)
    {
        try
        {
            using var ecdsa = ECDsa.Create();
            ecdsa.ImportFromPem(key);
            if (ecdsa.ExportSubjectPublicKeyInfo().AsSpan().SequenceEqual(own.PublicKey.ExportSubjectPublicKeyInfo())) return own.CopyWithPrivateKey(ecdsa);
            found.Add(new TlsProblem(TlsFile.Key, $"{files.Key} is not the key of {files.Certificate}", "take both from the same 'ca.sh node' or 'ca.sh renew'"));
        }
        catch (Exception e) when (e is CryptographicException or ArgumentException)
        {
            found.Add(new TlsProblem(TlsFile.Key, $"{files.Key} holds no elliptic-curve key in PEM form", "take the .key file that ca.sh made"));
        }

        return null;
    }

    private static void CheckKeyMode(string file, List<TlsProblem> found)
    {
        if (OperatingSystem.IsWindows() || (File.GetUnixFileMode(file) & Readers) == 0) return;
        found.Add(new TlsProblem(TlsFile.Key, $"{file} can be read or changed by other accounts of this machine", $"chmod 600 {file}"));
    }

    private static string? Text(TlsFile which, string file, List<TlsProblem> found)
    {
        try
        {
            return File.ReadAllText(file);
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            found.Add(new TlsProblem(which, $"there is no file {file}", "make it with deploy/ca.sh (deploy/CERTIFICATES.md tells how)"));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            found.Add(new TlsProblem(which, $"{file} cannot be read ({e.Message})", "give the account that runs trafficflow read access"));
        }

        return null;
    }
}
