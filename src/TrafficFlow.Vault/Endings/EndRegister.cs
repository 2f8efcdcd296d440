using System.Collections.Immutable;
using System.Text.Json.Serialization;
using TrafficFlow.Core.Custody;
using TrafficFlow.Core.Sites;
using TrafficFlow.Vault.Erasure;
using TrafficFlow.Vault.Registers;

namespace TrafficFlow.Vault.Endings;

/// <summary>What the register of ends holds.</summary>
[JsonPolymorphic(TypeDiscriminatorPropertyName = "kind")]
[JsonDerivedType(typeof(EndBegun), "begun")]
[JsonDerivedType(typeof(EndStepDone), "step-done")]
[JsonDerivedType(typeof(EndDone), "done")]
public abstract record EndEvent;

/// <param name="Site">Null for the whole installation.</param>
public sealed record EndBegun(string Id, string? Site, string Reason, string? Approval) : EndEvent;

public sealed record EndStepDone(string Id, EndStep Step, IReadOnlyList<BilingualText> Lines, IReadOnlyList<BilingualText> Left) : EndEvent;

public sealed record EndDone(string Id) : EndEvent;

/// <summary>
/// The ends of experiments of a node, a signed register beside those of custody: the keys of the vault are gone before an end is over. Thread-safe, among processes too.
/// </summary>
/// <remarks>Every member throws <see cref="Files.VaultFileException"/> where the register cannot be used.</remarks>
public sealed class EndRegister(string dataFolder, string vaultFolder, TimeProvider time)
{
    public const string Name = "ends";

    private readonly SignedRegister<ImmutableArray<EndState>, EndEvent> _register = new(dataFolder, Name, [], Apply, time);

    /// <summary>The folder of reports.</summary>
    public string Reports { get; } = Path.Combine(vaultFolder, "ends");

    public IReadOnlyList<EndState> All => _register.State;

    /// <summary>The end that is under way or done for just this; null where there is none.</summary>
    /// <param name="site">Null for the whole installation.</param>
    public EndState? Find(SiteId? site) => All.LastOrDefault(e => e.Site == site);

    /// <summary>Begins one, or goes on with the one that is under way.</summary>
    /// <exception cref="RegisterException">There is no reason, or it is too long.</exception>
    public async Task<EndState> BeginAsync(SiteId? site, string reason, RegisterAuthor by, string? approval)
    {
        if (string.IsNullOrWhiteSpace(reason) || reason.Length > EraseOrder.LongestReason) throw new RegisterException($"an end needs its reason, of at most {EraseOrder.LongestReason} characters: it stands in the report");
        var (id, _) = await _register.ChangeAsync<string>(by, (ends, now) => ends.LastOrDefault(e => e.Site == site) is { } begun ? ([], begun.Id)
            : ErasurePlan.NewId(now) is var made ? ([new EndBegun(made, site?.Value, reason.Trim(), approval)], made) : default).ConfigureAwait(false);
        return Get(id);
    }

    public async Task<EndState> AddAsync(string id, EndedStep step, RegisterAuthor by)
    {
        await _register.ChangeAsync<bool>(by, (ends, _) => ends.Any(e => e.Id == id && e.Has(step.Step)) ? ([], false) : ([new EndStepDone(id, step.Step, step.Lines, step.Left)], true)).ConfigureAwait(false);
        return Get(id);
    }

    public async Task<EndState> EndAsync(string id, RegisterAuthor by)
    {
        await _register.ChangeAsync<bool>(by, (ends, _) => ends.Any(e => e.Id == id && e.Ended is not null) ? ([], false) : ([new EndDone(id)], true)).ConfigureAwait(false);
        return Get(id);
    }

    private EndState Get(string id) => All.First(e => e.Id == id);

    private static ImmutableArray<EndState> Apply(ImmutableArray<EndState> ends, RegisterEntry<EndEvent> entry) => entry.Event switch
    {
        EndBegun e => ends.Add(new EndState(e.Id, e.Site is { } site ? new SiteId(site) : null, e.Reason, entry.By.Name, entry.By.Account, e.Approval, entry.Time, [], null)),
        EndStepDone e => With(ends, e.Id, s => s with { Steps = [.. s.Steps, new EndedStep(e.Step, entry.Time, e.Lines, e.Left)] }),
        EndDone e => With(ends, e.Id, s => s with { Ended = entry.Time }),
        _ => throw new InvalidOperationException($"no entry of the register of ends: {entry.Event.GetType().Name}"),
    };

    private static ImmutableArray<EndState> With(ImmutableArray<EndState> ends, string id, Func<EndState, EndState> change) => [.. ends.Select(e => e.Id == id ? change(e) : e)];
}
