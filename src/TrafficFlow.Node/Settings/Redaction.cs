using System.Text.RegularExpressions;
using TrafficFlow.Core.Texts;

namespace TrafficFlow.Node.Settings;

/// <summary>Takes secrets out of settings before they are shown, by their keys and by what they hold.</summary>
public static partial class Redaction
{
    /// <param name="key">The last part of the setting's key.</param>
    public static string OfSetting(string key, string value) =>
        value.Length > 0 && SecretKey().IsMatch(key) && !key.EndsWith("-file", StringComparison.OrdinalIgnoreCase) ? Secrets.Hidden : Of(value);

    public static string Of(string value) => Secrets.Hide(value);

    [GeneratedRegex(@"(password|passwd|passphrase|pwd|secret|token|credential|api-?key)s?$", RegexOptions.IgnoreCase)]
    private static partial Regex SecretKey();
}
