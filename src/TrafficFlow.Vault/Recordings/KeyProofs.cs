using System.Collections.Immutable;
using System.Text.Json.Serialization;
using TrafficFlow.Vault.Keys;
using TrafficFlow.Vault.Registers;

namespace TrafficFlow.Vault.Recordings;

/// <summary>What the register of proofs holds.</summary>
[JsonPolymorphic(TypeDiscriminatorPropertyName = "kind")]
[JsonDerivedType(typeof(WayProved), "proved")]
public abstract record ProofEvent;

/// <summary>Somebody, or the node itself, has opened the master by this way.</summary>
/// <param name="Slot">Its id; one that is made anew has another.</param>
/// <param name="Way">What is brought.</param>
public sealed record WayProved(string Slot, SlotKind Way, string Label) : ProofEvent;

/// <param name="At">By the clock of the node.</param>
/// <param name="By">Who brought it.</param>
public sealed record KeyProof(string Slot, DateTimeOffset At, RegisterAuthor By);

/// <summary>When each way to the master key was last tried with success: signed entries, only ever added (custody/proofs.jsonl). Thread-safe, among processes too.</summary>
/// <remarks>Members throw <see cref="Files.VaultFileException"/> where the register cannot be used.</remarks>
public sealed class KeyProofs(string dataFolder, TimeProvider time)
{
    public const string Name = "proofs";

    private readonly SignedRegister<ImmutableDictionary<string, KeyProof>, ProofEvent> _register = new(
        dataFolder, Name, ImmutableDictionary<string, KeyProof>.Empty.WithComparers(StringComparer.Ordinal), Apply, time);

    /// <returns>Null for a way that was never tried.</returns>
    public KeyProof? Of(string slot) => _register.State.GetValueOrDefault(slot);

    public async Task AddAsync(SlotSummary way, RegisterAuthor by) =>
        await _register.ChangeAsync<bool>(by, (_, _) => ([new WayProved(way.Id, way.Kind, way.Label)], true)).ConfigureAwait(false);

    /// <summary>Since when a way was not tried: its last proof, or when it was made, which nobody does without having it in hand.</summary>
    public DateTimeOffset LastOf(SlotSummary way) => Of(way.Id)?.At ?? way.Made;

    private static ImmutableDictionary<string, KeyProof> Apply(ImmutableDictionary<string, KeyProof> proofs, RegisterEntry<ProofEvent> entry) => entry.Event switch
    {
        WayProved proved => proofs.SetItem(proved.Slot, new KeyProof(proved.Slot, entry.Time, entry.By)),
        _ => throw new InvalidOperationException($"no entry of the register of proofs: {entry.Event.GetType().Name}"),
    };
}
