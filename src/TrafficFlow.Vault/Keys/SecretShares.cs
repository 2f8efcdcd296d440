using System.Security.Cryptography;

namespace TrafficFlow.Vault.Keys;

/// <summary>
/// Shamir's sharing of a secret over GF(2^8) with the polynomial x^8 + x^4 + x^3 + x + 1, byte by byte, as vaults in use do it: any so many of the shares give the secret, fewer tell nothing of it.
/// No library that NuGet serves here does it. Without tables, so that memory accesses tell nothing.
/// </summary>
internal static class SecretShares
{
    public const int Most = 16;

    /// <param name="needed">So many give the secret back, at least 2.</param>
    /// <param name="of">So many there are.</param>
    /// <returns>Share i is the value at i + 1.</returns>
    /// <exception cref="ArgumentOutOfRangeException">More are needed than there are, or fewer than two.</exception>
    public static IReadOnlyList<LockedBytes> Split(LockedBytes secret, int needed, int of)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(needed, 2);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(needed, of);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(of, Most);
        var shares = Enumerable.Range(0, of).Select(_ => new LockedBytes(secret.Length)).ToList();
        using var coefficients = new LockedBytes(needed);
        for (var i = 0; i < secret.Length; i++)
        {
            RandomNumberGenerator.Fill(coefficients.Span);
            coefficients.Span[0] = secret.Span[i];
            for (var share = 0; share < of; share++)
            {
                // Horner's rule, from the highest power down.
                byte value = 0;
                for (var power = needed - 1; power >= 0; power--) value = (byte)(Product(value, (byte)(share + 1)) ^ coefficients.Span[power]);
                shares[share].Span[i] = value;
            }
        }

        return shares;
    }

    /// <param name="shares">As many as are needed, each with the place at which it is the value; of others the result is nothing.</param>
    /// <exception cref="ArgumentException">A place is 0 or comes twice, or lengths differ.</exception>
    public static LockedBytes Combine(IReadOnlyList<(byte At, LockedBytes Value)> shares)
    {
        if (shares.Count == 0 || shares.Any(s => s.At == 0) || shares.Select(s => s.At).Distinct().Count() != shares.Count) throw new ArgumentException("shares need places of their own, from 1 on", nameof(shares));
        if (shares.Any(s => s.Value.Length != shares[0].Value.Length)) throw new ArgumentException("the shares have different lengths", nameof(shares));
        var secret = new LockedBytes(shares[0].Value.Length);
        foreach (var (at, value) in shares)
        {
            // Lagrange's base polynomial at 0; minus is plus here.
            byte weight = 1;
            foreach (var (other, _) in shares.Where(s => s.At != at)) weight = Product(weight, Product(other, Inverse((byte)(other ^ at))));
            for (var i = 0; i < secret.Length; i++) secret.Span[i] ^= Product(weight, value.Span[i]);
        }

        return secret;
    }

    internal static byte Product(byte a, byte b)
    {
        var result = 0;
        int x = a, y = b;
        for (var bit = 0; bit < 8; bit++)
        {
            result ^= x & -(y & 1);
            y >>= 1;
            x = (x << 1) ^ (0x11B & -(x >> 7));
        }

        return (byte)result;
    }

    /// <summary>a^254.</summary>
    private static byte Inverse(byte a)
    {
        var (result, square) = ((byte)1, a);
        for (var bit = 1; bit < 8; bit++)
        {
            square = Product(square, square);
            result = Product(result, square);
        }

        return result;
    }
}
