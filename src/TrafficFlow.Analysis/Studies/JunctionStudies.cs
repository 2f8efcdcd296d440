using System.Collections.Immutable;
using TrafficFlow.Analysis.Records;
using TrafficFlow.Core.Signals;

namespace TrafficFlow.Analysis.Studies;

/// <summary>
/// From what was measured of a junction to a study of it. Pure but for its time: seconds for a day, a minute for a week. What cannot be said it says, and never fills in: a blind camera leaves
/// its approach unknown and the others as they are.
/// </summary>
public static class JunctionStudies
{
    /// <exception cref="ArgumentException">The record has no time or no approach.</exception>
    /// <exception cref="OperationCanceledException">It was cancelled.</exception>
    public static JunctionStudy Of(JunctionRecord record, StudySettings settings, IProgress<StudyProgress>? progress = null, CancellationToken cancellation = default)
    {
        if (record.Span.IsEmpty) throw new ArgumentException("there is no time to study", nameof(record));
        if (record.Approaches.IsDefaultOrEmpty) throw new ArgumentException($"{record.Site} has no approach to study", nameof(record));
        var traffic = new JunctionTraffic(record);

        var congestion = new ApproachCongestion(record, traffic, settings);
        var approaches = ImmutableArray.CreateBuilder<ApproachStudy>();
        foreach (var approach in record.Approaches)
        {
            cancellation.ThrowIfCancellationRequested();
            progress?.Report(new StudyProgress(StudyStep.Congestion, (double)approaches.Count / record.Approaches.Length));
            approaches.Add(congestion.Of(approach));
        }

        var signals = JunctionSignals.Of(record, traffic, settings, share => progress?.Report(new StudyProgress(StudyStep.Signals, share)), cancellation);
        var lanes = JourneyLanes.Of(record, traffic, settings);
        progress?.Report(new StudyProgress(StudyStep.Movements, 0));
        var movements = new MovementFigures(record, traffic, signals, lanes, settings).All(share => progress?.Report(new StudyProgress(StudyStep.Movements, share)), cancellation);
        progress?.Report(new StudyProgress(StudyStep.Queues, 0));
        var withLanes = approaches.Select(a => a with { Levels = congestion.WithOccupancy(a, lanes) }).ToImmutableArray();
        if (settings.LaneQueues is { } queues)
        {
            var all = queues(record, signals.Phases, cancellation).ToLookup(q => q.Approach);
            withLanes = [.. withLanes.Select(a => a with { Queues = [.. all[a.Approach]] })];
        }

        var study = new JunctionStudy(
            new StudySubject(record.Site, record.SiteName, IanaOf(record.TimeZone), record.Span, settings.Profile.Name, record.Journeys.Length, settings.MadeAt, settings.ProgramVersion) { Provenance = record.Provenance },
            withLanes,
            signals.Study with { Coordination = [.. CoordinationPlots.Of(record, traffic, signals, movements)] },
            [.. movements.Select(m => m.Study)]);
        progress?.Report(new StudyProgress(StudyStep.Causes, 0));
        if (settings.Causes is { } causes) study = study with { Causes = causes(record, study, signals.Phases, cancellation) };
        var proposals = new PlanProposals(record, traffic, signals, movements, study.Causes, settings).All(share => progress?.Report(new StudyProgress(StudyStep.Proposals, share)), cancellation);
        return study with
        {
            Proposals = proposals.Proposals,
            Unsaid = [.. WhatIsUnsaid.Of(record, traffic, study, lanes, movements), .. signals.Unsaid, .. proposals.Unsaid],
        };
    }

    private static string IanaOf(TimeZoneInfo zone) => zone.HasIanaId || !TimeZoneInfo.TryConvertWindowsIdToIanaId(zone.Id, out var iana) ? zone.Id : iana;
}
