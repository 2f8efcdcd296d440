using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace TrafficFlow.Web.Feeds;

/// <summary>The signature of Standard Webhooks: HMAC-SHA256 over id, time and body, so that nobody else can have sent it, and none of it was changed. Pure.</summary>
public static class WebhookSignature
{
    public const string IdHeader = "webhook-id";
    public const string TimestampHeader = "webhook-timestamp";
    public const string SignatureHeader = "webhook-signature";

    /// <summary>What a secret begins with; its bytes in Base64 follow.</summary>
    public const string SecretPrefix = "whsec_";

    private const int Shortest = 24;
    private const int Longest = 64;

    /// <returns>Null where it is none: 24 to 64 bytes are wanted.</returns>
    public static byte[]? ReadSecret(string text)
    {
        if (!text.StartsWith(SecretPrefix, StringComparison.Ordinal)) return null;
        var bytes = new byte[text.Length];
        return Convert.TryFromBase64String(text[SecretPrefix.Length..], bytes, out var length) && length is >= Shortest and <= Longest ? bytes[..length] : null;
    }

    /// <returns>Of the header.</returns>
    public static string Of(byte[] secret, string id, DateTimeOffset time, ReadOnlySpan<byte> body)
    {
        using var hash = IncrementalHash.CreateHMAC(HashAlgorithmName.SHA256, secret);
        hash.AppendData(Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{id}.{time.ToUnixTimeSeconds()}.")));
        hash.AppendData(body);
        return $"v1,{Convert.ToBase64String(hash.GetHashAndReset())}";
    }
}
