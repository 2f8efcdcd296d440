using System.Text;
using TrafficFlow.Vault.Files;

namespace TrafficFlow.Vault.Audit;

/// <summary>
/// A text in a file that a third party can check with a public key and nothing else: a line that says what it is, the text, and the signature (Ed25519) of exactly these bytes. There is one spelling: a byte that
/// is changed anywhere is refused, and a document of one kind is none of another.
/// </summary>
public static class SignedDocument
{
    public const int Longest = 64 * 1024 * 1024;

    private const string Signature = "-----SIGNATURE ED25519 ";
    private const string AfterKey = "-----\n";
    private const int KeyLetters = 16;
    private const int SignatureLetters = 88;

    /// <summary>First and last lines and the signature, with room.</summary>
    private const int MostAround = 4096;

    /// <param name="kind">In capitals, such as ERASURE RECEIPT.</param>
    /// <exception cref="VaultFileException">It would be larger than what is read again.</exception>
    internal static byte[] Write(string kind, ReadOnlySpan<byte> text, AuditKey key)
    {
        if (text.Length > Longest - MostAround) throw new VaultFileException($"the {kind.ToLowerInvariant()} would have {text.Length} bytes, and nothing would read more than {Longest}: it is not written; take fewer things at once");
        byte[] signed = [.. Encoding.ASCII.GetBytes(Begin(kind)), .. text, (byte)'\n'];
        return [.. signed, .. Encoding.ASCII.GetBytes($"{Signature}{key.Id}{AfterKey}{Convert.ToBase64String(key.Sign(signed))}{End(kind)}")];
    }

    /// <returns>The text, and the id of the key that signed it.</returns>
    /// <exception cref="FormatException">It is none of this kind, it was changed, or another key signed it; the message says which.</exception>
    public static (byte[] Text, string Key) Read(string kind, ReadOnlySpan<byte> file, AuditPublicKeys keys)
    {
        var (begin, end) = (Begin(kind), End(kind));
        var tail = Signature.Length + KeyLetters + AfterKey.Length + SignatureLetters + end.Length;
        if (file.Length > Longest || file.Length < begin.Length + 1 + tail || !file.StartsWith(Encoding.ASCII.GetBytes(begin))) throw None(kind);
        var signed = file[..^tail];
        var rest = Encoding.Latin1.GetString(file[^tail..]);
        var id = rest.Substring(Signature.Length, KeyLetters);
        var text = rest.Substring(Signature.Length + KeyLetters + AfterKey.Length, SignatureLetters);
        var signature = new byte[SignatureLetters];
        if (signed[^1] != '\n' || rest != $"{Signature}{id}{AfterKey}{text}{end}" || !Convert.TryFromBase64String(text, signature, out var bytes) || Convert.ToBase64String(signature, 0, bytes) != text) throw None(kind);
        if (!keys.Ids.Contains(id)) throw new FormatException($"it was signed with key {id}, and the public key at hand is {string.Join(", ", keys.Ids)}: ask the operator for the one of then");
        if (!keys.Verify(id, signed, signature.AsSpan(0, bytes))) throw new FormatException("it was changed after it was signed: do not trust it");
        return (signed[begin.Length..^1].ToArray(), id);
    }

    /// <summary>The text of a document that says itself which key signed it: it proves nothing until <see cref="Read"/> has verified it with that key.</summary>
    /// <exception cref="FormatException">It is none of this kind.</exception>
    internal static byte[] Unverified(string kind, ReadOnlySpan<byte> file)
    {
        var (begin, end) = (Begin(kind), End(kind));
        var tail = Signature.Length + KeyLetters + AfterKey.Length + SignatureLetters + end.Length;
        return file.Length <= Longest && file.Length >= begin.Length + 1 + tail && file.StartsWith(Encoding.ASCII.GetBytes(begin)) ? file[begin.Length..^(tail + 1)].ToArray() : throw None(kind);
    }

    private static string Begin(string kind) => $"-----BEGIN TRAFFICFLOW {kind}-----\n";

    private static string End(string kind) => $"\n-----END TRAFFICFLOW {kind}-----\n";

    private static FormatException None(string kind) => new($"it is no {kind.ToLowerInvariant()} of trafficflow, or was changed: take the file as it was written, byte for byte");
}
