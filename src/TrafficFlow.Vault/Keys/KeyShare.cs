using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace TrafficFlow.Vault.Keys;

/// <summary>
/// One custodian's share as it is printed: tfk-SLOT-N-XXXX-XXXX-…-CHECK. Letters and figures of Crockford's base 32, which has no I, L, O, U: they are read as what they are
/// mistaken for, capitals or not. The check is of a mistyped letter, not of a forged share.
/// </summary>
internal sealed class KeyShare(string slot, byte at, LockedBytes value) : IDisposable
{
    private const string Begin = "tfk";
    private const string Alphabet = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";
    private const int Group = 4;
    private const int CheckBytes = 5;
    private const int Longest = 200;

    public string Slot { get; } = slot;

    public byte At { get; } = at;

    public LockedBytes Value { get; } = value;

    public string Write()
    {
        var letters = Encode([.. Value.Span, .. Check(Slot, At, Value.Span)]);
        var text = new StringBuilder().Append(CultureInfo.InvariantCulture, $"{Begin}-{Slot}-{At}");
        for (var i = 0; i < letters.Length; i += Group) text.Append('-').Append(letters, i, Math.Min(Group, letters.Length - i));
        return text.ToString();
    }

    /// <exception cref="FormatException">It is none, or mistyped; the message says which.</exception>
    public static KeyShare Parse(string text)
    {
        var parts = text.Trim().Split('-', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        if (text.Length > Longest || parts.Length < 4 || !parts[0].Equals(Begin, StringComparison.OrdinalIgnoreCase)
            || !byte.TryParse(parts[2], NumberStyles.None, CultureInfo.InvariantCulture, out var at) || at is 0 or > SecretShares.Most)
            throw new FormatException($"a share begins with {Begin}-SLOT-NUMBER- and goes on in groups of letters and figures: type it as it was printed");
        var slot = parts[1].ToLowerInvariant();
        var bytes = Decode(string.Concat(parts.Skip(3)));
        if (bytes is not { Length: KeyWrap.KeyBytes + CheckBytes } || !Check(slot, at, bytes.AsSpan(0, KeyWrap.KeyBytes)).AsSpan().SequenceEqual(bytes.AsSpan(KeyWrap.KeyBytes)))
            throw new FormatException($"share {at} of slot {slot} is mistyped: its last letters, which check the others, do not fit");
        var share = new KeyShare(slot, at, LockedBytes.CopyOf(bytes.AsSpan(0, KeyWrap.KeyBytes)));
        CryptographicOperations.ZeroMemory(bytes);
        return share;
    }

    public void Dispose() => Value.Dispose();

    private static byte[] Check(string slot, byte at, ReadOnlySpan<byte> value) => SHA256.HashData([.. Encoding.UTF8.GetBytes($"{Begin}-{slot}-{at}-"), .. value])[..CheckBytes];

    private static string Encode(ReadOnlySpan<byte> bytes)
    {
        var text = new StringBuilder();
        var (held, bits) = (0, 0);
        foreach (var b in bytes)
        {
            (held, bits) = ((held << 8) | b, bits + 8);
            while (bits >= 5) text.Append(Alphabet[(held >> (bits -= 5)) & 31]);
        }

        if (bits > 0) text.Append(Alphabet[(held << (5 - bits)) & 31]);
        return text.ToString();
    }

    private static byte[]? Decode(string text)
    {
        var bytes = new List<byte>();
        var (held, bits) = (0, 0);
        foreach (var letter in text.ToUpperInvariant())
        {
            var value = Alphabet.IndexOf(letter switch { 'O' => '0', 'I' or 'L' => '1', _ => letter }, StringComparison.Ordinal);
            if (value < 0) return null;
            (held, bits) = (((held << 5) | value) & 0xFFFF, bits + 5);
            if (bits >= 8) bytes.Add((byte)(held >> (bits -= 8)));
        }

        // One spelling of each share: what is left over is nothing.
        return (held & ((1 << bits) - 1)) == 0 ? [.. bytes] : null;
    }
}
