namespace TrafficFlow.Vault.Keys;

/// <summary>
/// One way to the master key: a key pair (X25519) to whose public half the master is sealed, and whose private half is protected by what <see cref="UnlockSecret"/> stands for. The master can so
/// be replaced without anybody's secret at hand.
/// </summary>
/// <param name="Id">8 small hexadecimal figures.</param>
/// <param name="Label">For people: whose it is, where it is kept.</param>
/// <param name="Protected">The private half, wrapped; null for shares, which are the private half.</param>
/// <param name="Costs">Of a passphrase.</param>
/// <param name="Needed">Of shares: how many come together; else 0.</param>
/// <param name="Of">Of shares: how many there are; else 0.</param>
/// <param name="Sealed">The master.</param>
internal sealed record MasterSlot(
    string Id, SlotKind Kind, string Label, DateTimeOffset Made, byte[] PublicKey, byte[]? Protected, PassphraseCosts? Costs, int Needed, int Of, byte[] Sealed)
{
    public const int LongestLabel = 100;

    /// <summary>Under which its private half is wrapped.</summary>
    public string Name => $"slot:{Id}";

    /// <summary>What the master is sealed for.</summary>
    public static string InfoOf(string slot, string master) => $"trafficflow.vault/master@v1/{slot}/{master}";

    public MasterSlot With(LockedBytes master, string masterId) => this with { Sealed = SealedBox.Seal(PublicKey, InfoOf(Id, masterId), master.Span) };

    /// <returns>The master; null where the secret does not open this slot, or the slot does not hold this master.</returns>
    public LockedBytes? Open(UnlockSecret secret, string masterId)
    {
        if (secret.Kind != Kind) return null;
        using var privateKey = secret.OpenSlot(this);
        if (privateKey is null) return null;
        var master = SealedBox.Open(privateKey, InfoOf(Id, masterId), Sealed);
        if (master is { Length: KeyWrap.KeyBytes } && KeyWrap.IdOf(master) == masterId) return master;
        master?.Dispose();
        return null;
    }
}

/// <summary>Costs of Argon2id.</summary>
/// <param name="Salt">16 bytes.</param>
internal sealed record PassphraseCosts(int KibiBytes, int Passes, byte[] Salt)
{
    // A passphrase is typed once at a start, and what it opens is everything: more than for a log-in.
    public const int UsualKibiBytes = 128 * 1024;
    public const int UsualPasses = 4;
    public const int MostKibiBytes = 1024 * 1024;
    public const int MostPasses = 20;
    public const int SaltBytes = 16;
}
