using System.Collections.Immutable;
using TrafficFlow.Core.Custody;
using TrafficFlow.Core.Workdays;
using TrafficFlow.Vault.Files;
using TrafficFlow.Vault.Registers;

namespace TrafficFlow.Vault.Inspections;

/// <summary>The register of inspections of a node's sites. Thread-safe.</summary>
/// <remarks>Every member throws <see cref="VaultFileException"/> where the register or the calendar cannot be used, and changes throw <see cref="RegisterException"/> where they cannot be.</remarks>
/// <param name="plans">In force now, each with the site's zone.</param>
/// <param name="calendar">Of a site.</param>
/// <param name="checks">Null where the program knows nothing of the site.</param>
/// <param name="person">Whose account it is; null for one of nobody.</param>
public sealed class InspectionStore(
    string dataFolder, Func<IReadOnlyList<(InspectionPlan Plan, TimeZoneInfo Zone)>> plans, Func<string, WorkCalendar> calendar, IProgramChecks? checks, Func<string, string?> person, TimeProvider time)
{
    public const string Name = "inspections";

    private readonly SignedRegister<InspectionRegister, InspectionEvent> _register = new(dataFolder, Name, InspectionRegister.Empty, (state, entry) => state.Apply(entry), time);

    public IReadOnlyList<(InspectionPlan Plan, TimeZoneInfo Zone)> Plans => plans();

    public InspectionRegister Read() => _register.State;

    public ImmutableArray<RegisterEntry<InspectionEvent>> History() => _register.Entries;

    /// <summary>What is due, the most pressing first.</summary>
    public ImmutableArray<InspectionDue> Due()
    {
        var (state, now) = (Read(), time.GetUtcNow());
        return
        [
            .. plans().Select(p => p.Plan.Next(state.Last(p.Plan.Site, p.Plan.Kind, now) is { } last ? DayOf(last, p.Zone) : null, DayOf(now, p.Zone), calendar(p.Plan.Site)))
                .OrderByDescending(d => d.Standing).ThenBy(d => d.Due).ThenBy(d => d.Plan.Site, StringComparer.Ordinal),
        ];
    }

    /// <summary>What the program sees of a site now.</summary>
    public async Task<ImmutableArray<ProgramCheck>> LookAsync(string site, CancellationToken cancellation) => checks is null ? [] : [.. await checks.LookAsync(site, cancellation).ConfigureAwait(false)];

    /// <summary>Enters an inspection, with what the program sees at this moment.</summary>
    /// <param name="corrects">Id of the one that it stands in place of; null for a new one.</param>
    public async Task<InspectionRecord> RecordAsync(RegisterAuthor by, InspectionEntry entry, string? corrects, string? reason, CancellationToken cancellation)
    {
        if (plans().Count > 0 && !plans().Any(p => p.Plan.Site == entry.Site)) throw new RegisterException($"no inspections are planned for {Core.Texts.PlainText.Of(entry.Site, 64)}: name a site of this node");
        // A correction is of what was seen then.
        var seen = corrects is null ? await LookAsync(entry.Site, cancellation).ConfigureAwait(false) : Read().Get(corrects).What.Checks;
        var (id, _) = await _register.ChangeAsync<string>(by, (state, now) =>
            state.Record(entry with { Checks = seen }, person(by.Name), corrects, reason, now) is var made ? ([made], made.Id) : throw new InvalidOperationException()).ConfigureAwait(false);
        return Read().Get(id);
    }

    public Task CloseAsync(RegisterAuthor by, string id, string? done) => _register.ChangeAsync<bool>(by, (state, _) => ([state.Close(id, done)], true));

    public Task MoveAsync(RegisterAuthor by, string id, DateOnly due, string? reason) => _register.ChangeAsync<bool>(by, (state, _) => ([state.Move(id, due, reason)], true));

    private static DateOnly DayOf(DateTimeOffset at, TimeZoneInfo zone) => DateOnly.FromDateTime(TimeZoneInfo.ConvertTime(at, zone).DateTime);
}
