using System.Security.Cryptography;
using System.Text;
using NSec.Cryptography;
using TrafficFlow.Vault.Files;

namespace TrafficFlow.Vault.Audit;

/// <summary>The node's key pair (Ed25519), with which it signs what it has recorded.</summary>
internal sealed class AuditKey : IDisposable
{
    private const int LongestFile = 4096;

    private readonly Key _key;

    private AuditKey(Key key) => (_key, Id) = (key, AuditPublicKeys.IdOf(key.PublicKey));

    /// <summary>First 16 hexadecimal figures of the SHA-256 of its public half.</summary>
    public string Id { get; }

    /// <summary>Its public half in PEM form.</summary>
    public string PublicPem => Encoding.ASCII.GetString(_key.Export(KeyBlobFormat.PkixPublicKeyText));

    public byte[] Sign(ReadOnlySpan<byte> text) => SignatureAlgorithm.Ed25519.Sign(_key, text);

    /// <summary>One that no file has.</summary>
    public static AuditKey Create() => new(Key.Create(SignatureAlgorithm.Ed25519, new KeyCreationParameters { ExportPolicy = KeyExportPolicies.AllowPlaintextExport }));

    /// <param name="isNew">Whether it was made now.</param>
    /// <exception cref="VaultFileException">The file is no key.</exception>
    public static AuditKey LoadOrCreate(string path, out bool isNew)
    {
        if (PrivateFile.Read(path, LongestFile) is { } content)
        {
            isNew = false;
            return Key.TryImport(SignatureAlgorithm.Ed25519, content, KeyBlobFormat.PkixPrivateKeyText, out var key)
                ? new AuditKey(key!)
                : throw new VaultFileException($"{path} is no private key of Ed25519 in PEM form: put back the file as it was, or remove it, and the audit goes on with a new key");
        }

        isNew = true;
        var made = Create();
        PrivateFile.Replace(path, made._key.Export(KeyBlobFormat.PkixPrivateKeyText));
        return made;
    }

    public void Dispose() => _key.Dispose();
}

/// <summary>With which keys a record may be signed: public keys in PEM form, one after another.</summary>
public sealed class AuditPublicKeys
{
    private readonly Dictionary<string, PublicKey> _keys = new(StringComparer.Ordinal);

    /// <summary>First 16 hexadecimal figures of the SHA-256 of each.</summary>
    public IReadOnlyCollection<string> Ids => _keys.Keys;

    /// <exception cref="FormatException">There is something else in it.</exception>
    public static AuditPublicKeys Parse(string pem)
    {
        var keys = new AuditPublicKeys();
        const string End = "-----END PUBLIC KEY-----";
        var rest = pem;
        while (rest.IndexOf(End, StringComparison.Ordinal) is >= 0 and var at)
        {
            var block = rest[..(at + End.Length)].Trim() + "\n";
            rest = rest[(at + End.Length)..];
            if (!PublicKey.TryImport(SignatureAlgorithm.Ed25519, Encoding.ASCII.GetBytes(block), KeyBlobFormat.PkixPublicKeyText, out var key)) throw new FormatException("it holds what is no public key of Ed25519 in PEM form");
            keys._keys[IdOf(key!)] = key!;
        }

        return string.IsNullOrWhiteSpace(rest) ? keys : throw new FormatException("it holds what is no public key of Ed25519 in PEM form");
    }

    public bool Verify(string id, ReadOnlySpan<byte> text, ReadOnlySpan<byte> signature) => _keys.TryGetValue(id, out var key) && SignatureAlgorithm.Ed25519.Verify(key, text, signature);

    internal static string IdOf(PublicKey key) => Convert.ToHexStringLower(SHA256.HashData(key.Export(KeyBlobFormat.RawPublicKey)))[..16];
}
