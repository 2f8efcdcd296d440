using System.Collections.Frozen;
using System.Globalization;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace TrafficFlow.Wire.Tls;

/// <summary>
/// The certificates that may join the cluster, by fingerprint: one a line, SHA-256 in hexadecimal (colons do not matter) and a name for
/// people; # begins a comment. A list of the admitted needs no service that is asked who was revoked, and works while the link is down.
/// </summary>
public sealed class PinList
{
    private const int FingerprintLength = 64;
    private readonly FrozenDictionary<string, string> _names;

    private PinList(IEnumerable<KeyValuePair<string, string>> names) => _names = names.ToFrozenDictionary();

    public int Count => _names.Count;

    /// <param name="problems">A note for each line that is no pin; such a line admits nobody.</param>
    public static PinList Parse(string text, out IReadOnlyList<string> problems)
    {
        var found = new List<string>();
        var names = new Dictionary<string, string>();
        foreach (var (line, number) in text.ReplaceLineEndings("\n").Split('\n').Select((line, i) => (line.Split('#')[0].Trim(), i + 1)))
        {
            if (line.Length == 0) continue;
            var parts = line.Split((char[]?)null, 2, StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
            var fingerprint = parts[0].Replace(":", "", StringComparison.Ordinal).ToUpperInvariant();
            if (fingerprint.Length == FingerprintLength && fingerprint.All(char.IsAsciiHexDigitUpper)) names[fingerprint] = parts.ElementAtOrDefault(1) ?? "";
            else found.Add(string.Create(CultureInfo.InvariantCulture, $"line {number} does not begin with a SHA-256 fingerprint of {FingerprintLength} hexadecimal digits"));
        }

        problems = found;
        return new PinList(names);
    }

    public bool Admits(X509Certificate2 certificate) => _names.ContainsKey(Fingerprint(certificate));

    public static string Fingerprint(X509Certificate2 certificate) => certificate.GetCertHashString(HashAlgorithmName.SHA256);
}
