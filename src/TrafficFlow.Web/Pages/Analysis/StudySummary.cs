using TrafficFlow.Analysis.Causes;
using TrafficFlow.Analysis.Congestion;
using TrafficFlow.Analysis.Studies;
using TrafficFlow.Web.Pages.Periods;

namespace TrafficFlow.Web.Pages.Analysis;

/// <summary>The three sentences that an engineer signs: how it is, why, and what would help; by figures, each of which stands in a table below. Pure.</summary>
public static class StudySummary
{
    public static IReadOnlyList<string> Of(StudyView view) => [Congestion(view), Cause(view), Proposal(view)];

    private static string Congestion(StudyView view)
    {
        var (study, words) = (view.Study, view.Words);
        var span = view.Span(study.Subject.Span, withDay: true);
        if (study.Approaches.All(a => a.Observed <= TimeSpan.Zero)) return StudyWords.With(words.SummaryNothing, span);
        var watched = Figures.Watched(view.WatchedShare ?? 0);
        var vehicles = Figures.Grouped(study.Subject.Vehicles);
        var worst = study.Approaches.Where(a => !a.Events.IsEmpty).MaxBy(a => a.VehicleHoursLost);
        if (worst is null)
        {
            var limit = CongestionProfile.All.FirstOrDefault(p => p.Name == study.Subject.Profile)?.CongestedKmh;
            return StudyWords.With(words.SummaryFree, span, watched, vehicles, StudyView.Number(view.HoursLost), StudyView.Number(limit, "0"));
        }

        var longest = worst.Events.MaxBy(e => e.LongestMetres)!;
        return StudyWords.With(
            words.SummaryCongested, span, watched, vehicles, StudyView.Number(view.HoursLost), worst.Name, StudyView.Number(worst.VehicleHoursLost), worst.Events.Length,
            view.Length(worst.Events.Aggregate(TimeSpan.Zero, (sum, e) => sum + e.Span.Length)), StudyView.Metres(longest.LongestAt is null ? null : longest.LongestMetres, longest.IsBeyondSight));
    }

    private static string Cause(StudyView view)
    {
        var words = view.Words;
        if (view.Study.Causes.MaxBy(c => c.VehicleHoursLost) is not { } first) return words.SummaryNoCause;
        var evidence = string.Join(words.And, first.Evidence.Take(2).Select(e => EvidenceWords.Of(e.Name, words).Write(e)));
        var rival = first.Rivals.IsEmpty ? "" : StudyWords.With(words.SummaryRival, CauseWords.Of(first.Rivals[0], words).Name);
        return StudyWords.With(
            words.SummaryCause, CauseWords.Of(first.Kind, words).Name, Where(first, view), view.Span(first.Span), StudyView.Number(first.VehicleHoursLost), StudyView.Percent(first.Confidence),
            evidence.Length > 0 ? evidence : StudyView.Dash, rival);
    }

    public static string Where(CauseFinding cause, StudyView view) => cause.Approach is { } approach ? view.NameOf(approach, cause.Movement) : view.Words.WholeJunction;

    private static string Proposal(StudyView view)
    {
        var words = view.Words;
        var best = view.Study.Proposals.Where(p => p.Timing.IsChange).MaxBy(p => p.Timing.Gain.Mean);
        if (best is null)
        {
            return view.Study.Proposals.FirstOrDefault() is { } kept
                ? StudyWords.With(words.SummaryKeep, view.Span(kept.Span), StudyView.Number(kept.Timing.Today.MeanDelaySeconds))
                : StudyWords.With(words.SummaryNoProposal, words.SeeUnsaid);
        }

        var (timing, gain) = (best.Timing, best.Timing.Gain);
        var worse = timing.Worse.IsEmpty ? words.SummaryNobodyWorse
            : string.Join(words.And, timing.Worse.Select(w => StudyWords.With(words.SummaryWorse, NameOfGroup(best, w.Group, view), StudyView.Number(w.AddedSeconds))));
        return StudyWords.With(
            words.SummaryProposal, view.Span(best.Span), StudyView.Number(timing.Proposed.Plan.CycleSeconds, "0.#"), StudyView.Number(timing.Today.Plan.CycleSeconds, "0.#"), StudyView.Number(timing.Today.MeanDelaySeconds),
            StudyView.Number(timing.Proposed.MeanDelaySeconds), StudyView.Number(gain.Mean), StudyView.Number(gain.Low), StudyView.Number(gain.High), worse, Simulated(best, words));
    }

    /// <summary>Of a model that is not calibrated nothing is said here.</summary>
    private static string Simulated(ProposalStudy proposal, StudyWords words) =>
        proposal.Simulated is { IsCalibrated: true, Comparison: { } comparison } && comparison.All.DelaySeconds is var delay && double.IsFinite(delay.Change)
            ? StudyWords.With(words.SummarySimulated, StudyView.Change(delay.Change), StudyView.Change(delay.Low), StudyView.Change(delay.High)) : "";

    /// <summary>Where its vehicles come from and go to; its name where the plan does not tell.</summary>
    public static string NameOfGroup(ProposalStudy proposal, string group, StudyView view) =>
        proposal.Timing.Today.Plan.Groups.FirstOrDefault(g => g.Name == group) is not { } known ? group
        : known.IsForPedestrians ? StudyWords.With(view.Words.Crossing, view.NameOf(known.Approach)) : view.NameOf(known.Approach, known.Movements);
}
