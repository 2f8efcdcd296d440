using System.Security.Cryptography;

namespace TrafficFlow.Vault.Keys;

/// <summary>A slot that is to be made.</summary>
public abstract class SlotRequest
{
    private SlotRequest(string label) => Label = label;

    /// <summary>For people, at most 100 characters.</summary>
    public string Label { get; }

    public static SlotRequest Of(string label, CredentialSecret secret) => new ByCredential(label, secret);

    /// <exception cref="FormatException">The passphrase is too short.</exception>
    public static SlotRequest Of(string label, PassphraseSecret secret) =>
        secret.Length >= PassphraseSecret.Fewest ? new ByPassphrase(label, secret) : throw new FormatException($"a passphrase that opens everything has at least {PassphraseSecret.Fewest} characters: take six words or more that have nothing to do with each other");

    /// <param name="needed">So many custodians come together to open, at least 2.</param>
    /// <param name="of">So many shares are made, at most 16.</param>
    /// <exception cref="FormatException">There are no such shares.</exception>
    public static SlotRequest OfShares(string label, int needed, int of) =>
        needed >= 2 && needed <= of && of <= SecretShares.Most ? new ByShares(label, needed, of) : throw new FormatException($"of 2 to {SecretShares.Most} shares at least 2 are needed, and no more than there are: usual is 2 of 3");

    /// <returns>The slot, and what must be handed to custodians.</returns>
    internal abstract (MasterSlot Slot, IReadOnlyList<string> Shares) Make(LockedBytes master, string masterId, DateTimeOffset now);

    private protected MasterSlot Empty(SlotKind kind, LockedBytes privateKey, DateTimeOffset now)
    {
        if (Label.Length > MasterSlot.LongestLabel) throw new FormatException($"the slot's label has {Label.Length} characters; {MasterSlot.LongestLabel} are the most");
        return new MasterSlot(Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(4)), kind, Label, now, SealedBox.PublicKeyOf(privateKey), null, null, 0, 0, []);
    }

    private sealed class ByCredential(string label, CredentialSecret secret) : SlotRequest(label)
    {
        internal override (MasterSlot Slot, IReadOnlyList<string> Shares) Make(LockedBytes master, string masterId, DateTimeOffset now)
        {
            using var privateKey = SealedBox.CreatePrivateKey();
            var slot = Empty(SlotKind.Credential, privateKey, now);
            return ((slot with { Protected = secret.Protect(slot.Name, privateKey) }).With(master, masterId), []);
        }
    }

    private sealed class ByPassphrase(string label, PassphraseSecret secret) : SlotRequest(label)
    {
        internal override (MasterSlot Slot, IReadOnlyList<string> Shares) Make(LockedBytes master, string masterId, DateTimeOffset now)
        {
            using var privateKey = SealedBox.CreatePrivateKey();
            var slot = Empty(SlotKind.Passphrase, privateKey, now);
            var costs = new PassphraseCosts(PassphraseCosts.UsualKibiBytes, PassphraseCosts.UsualPasses, RandomNumberGenerator.GetBytes(PassphraseCosts.SaltBytes));
            return ((slot with { Costs = costs, Protected = secret.Protect(slot.Name, costs, privateKey) }).With(master, masterId), []);
        }
    }

    private sealed class ByShares(string label, int needed, int of) : SlotRequest(label)
    {
        internal override (MasterSlot Slot, IReadOnlyList<string> Shares) Make(LockedBytes master, string masterId, DateTimeOffset now)
        {
            using var privateKey = SealedBox.CreatePrivateKey();
            var slot = Empty(SlotKind.Shares, privateKey, now) with { Needed = needed, Of = of };
            var texts = new List<string>();
            foreach (var (value, index) in SecretShares.Split(privateKey, needed, of).Select((v, i) => (v, i)))
            {
                using var share = new KeyShare(slot.Id, (byte)(index + 1), value);
                texts.Add(share.Write());
            }

            return (slot.With(master, masterId), texts);
        }
    }
}
