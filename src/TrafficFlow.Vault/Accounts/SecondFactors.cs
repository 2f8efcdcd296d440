using System.Collections.Immutable;
using System.Security.Cryptography;
using System.Text;
using OtpNet;
using TrafficFlow.Vault.Secrets;

namespace TrafficFlow.Vault.Accounts;

/// <summary>A second factor that was begun: shown once, to be typed or scanned into an authenticator.</summary>
/// <param name="Secret">Base32.</param>
/// <param name="Uri">otpauth://…, as a QR code holds it.</param>
public sealed record SecondFactorBegun(string Secret, string Uri);

/// <summary>
/// Time-based codes (RFC 6238, SHA-1, six figures, 30 s: what every authenticator does), one step of clock error to either side, each code once. Secrets are encrypted (AES-256-GCM,
/// bound to the account's name) with a key in a file of its own, so that a copy of the accounts alone gives nobody a code. Pure but for chance.
/// </summary>
internal sealed class SecondFactors(byte[] key)
{
    public const int KeyBytes = 32;

    private const string Product = "TrafficFlow";
    private const int SecretBytes = 20;
    private const int NonceBytes = 12;
    private const int TagBytes = 16;
    private const int RecoveryCodes = 10;

    // 80 bits: not guessed even by whoever has the hashes.
    private const int RecoveryBytes = 10;

    private static readonly VerificationWindow s_window = new(previous: 1, future: 1);

    public (SecondFactor Kept, SecondFactorBegun Shown) Begin(string account)
    {
        var secret = RandomNumberGenerator.GetBytes(SecretBytes);
        var uri = new OtpUri(OtpType.Totp, secret, account, Product).ToString();
        return (new SecondFactor(Encrypt(account, secret), false, 0, []), new SecondFactorBegun(Base32Encoding.ToString(secret), uri));
    }

    /// <returns>The second factor with the code used, or null where the code is wrong or was used.</returns>
    /// <exception cref="CryptographicException">The secret was encrypted with another key.</exception>
    public SecondFactor? Take(string account, SecondFactor factor, string code, DateTimeOffset now)
    {
        var digits = code.Replace(" ", "", StringComparison.Ordinal);
        if (digits.Length != 6 || !digits.All(char.IsAsciiDigit)) return TakeRecovery(factor, code);
        var totp = new Totp(Decrypt(account, factor.Secret));
        return totp.VerifyTotp(now.UtcDateTime, digits, out var step, s_window) && step > factor.LastStep ? factor with { LastStep = step } : null;
    }

    /// <summary>Ten new codes for a lost device, in place of those of before.</summary>
    public static (SecondFactor Kept, ImmutableArray<string> Shown) MakeRecovery(SecondFactor factor)
    {
        ImmutableArray<string> codes = [.. Enumerable.Range(0, RecoveryCodes).Select(_ => Shown(Base32Encoding.ToString(RandomNumberGenerator.GetBytes(RecoveryBytes)).ToLowerInvariant()))];
        return (factor with { IsConfirmed = true, Recovery = [.. codes.Select(c => SecretText.Hash(Bare(c)))] }, codes);
    }

    private static SecondFactor? TakeRecovery(SecondFactor factor, string code)
    {
        var hash = SecretText.Hash(Bare(code));
        return factor.IsConfirmed && factor.Recovery.FirstOrDefault(r => SecretText.Equal(r, hash)) is { } used ? factor with { Recovery = factor.Recovery.Remove(used) } : null;
    }

    private static string Shown(string code) => string.Join('-', code.Chunk(4).Select(c => new string(c)));

    private static string Bare(string code) => new([.. code.ToLowerInvariant().Where(char.IsAsciiLetterOrDigit)]);

    private string Encrypt(string account, byte[] secret)
    {
        var packed = new byte[NonceBytes + secret.Length + TagBytes];
        var nonce = packed.AsSpan(0, NonceBytes);
        RandomNumberGenerator.Fill(nonce);
        using var aes = new AesGcm(key, TagBytes);
        aes.Encrypt(nonce, secret, packed.AsSpan(NonceBytes, secret.Length), packed.AsSpan(NonceBytes + secret.Length), Encoding.UTF8.GetBytes(account));
        return Convert.ToBase64String(packed);
    }

    private byte[] Decrypt(string account, string text)
    {
        var bytes = new byte[text.Length];
        if (!Convert.TryFromBase64String(text, bytes, out var count) || count <= NonceBytes + TagBytes) throw new CryptographicException("no secret of a second factor");
        var secret = new byte[count - NonceBytes - TagBytes];
        using var aes = new AesGcm(key, TagBytes);
        aes.Decrypt(bytes.AsSpan(0, NonceBytes), bytes.AsSpan(NonceBytes, secret.Length), bytes.AsSpan(count - TagBytes, TagBytes), secret, Encoding.UTF8.GetBytes(account));
        return secret;
    }
}
