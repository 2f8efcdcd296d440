using System.Diagnostics;
using System.Globalization;
using TrafficFlow.Analysis.Optimisation;
using TrafficFlow.Analysis.Optimisation.Exact;
using TrafficFlow.Analysis.Proposals;
using TrafficFlow.Core.Signals;

namespace TrafficFlow.Analysis.Studies;

/// <summary>Solvers asked one after the other, each beside the exact or best classical answer. What a solver does wrong stands in its <see cref="SolverRun.Problem"/> and has no other effect.</summary>
public static class SolverRuns
{
    /// <summary>Searches the greens of the proposal's cycle with each solver. A plan that is better than the proposed by the same judgement takes its place.</summary>
    /// <param name="classicalTime">For what is exact beside each.</param>
    /// <param name="seed">Of the drawn demands.</param>
    /// <exception cref="OperationCanceledException">It was cancelled.</exception>
    public static async Task<ProposalStudy> SearchAsync(
        ProposalStudy proposal, TimingRules rules, IReadOnlyList<ISolver> solvers, SolverSettings settings, TimeSpan classicalTime, int seed = 1, CancellationToken cancellation = default)
    {
        if (solvers.Count == 0) return proposal;
        var (plan, known) = (proposal.Timing.Proposed.Plan, proposal.Timing.Proposed.VehicleHoursPerHour * 3600);
        PlanSplits splits;
        try
        {
            splits = new PlanSplits(plan, proposal.Demand, rules);
        }
        catch (SolverException e)
        {
            return proposal with { Solvers = [.. proposal.Solvers, .. solvers.Select(s => new SolverRun(s.Name, 0, null, known, false, 0, null, null, e.Message))] };
        }

        var runs = new List<SolverRun>();
        var found = new List<TimingPlan>();
        foreach (var solver in solvers)
        {
            var (run, results) = await RunAsync(splits.Problem.Model, solver, settings, classicalTime, sample => splits.PlanOf(sample) is not null, cancellation).ConfigureAwait(false);
            runs.Add(run ?? new SolverRun(solver.Name, splits.Problem.Model.VariableCount, null, known, false, 0, null, null, "neither it nor the classical solvers beside it gave an answer"));
            found.AddRange(results.Select(r => splits.PlanOf([.. r.Sample])).OfType<TimingPlan>());
        }

        var timing = proposal.Timing;
        var best = found.Select(p => PlanEffect.Of(p, proposal.Demand, rules)).MinBy(e => e.VehicleHoursPerHour);
        // A gain that no clock could tell from none is none.
        if (best is not null && best.VehicleHoursPerHour < timing.Proposed.VehicleHoursPerHour - 1e-6) timing = TimingProposal.Of(timing.Today.Plan, proposal.Demand, rules, seed, [best.Plan]);
        return proposal with { Timing = timing, Solvers = [.. proposal.Solvers, .. runs] };
    }

    /// <summary>One problem to one solver, and beside it what is exact.</summary>
    /// <param name="isUsable">Whether a sample is an answer; null where its groups say all.</param>
    /// <returns>No run where nobody answered; the results that are answers.</returns>
    public static async Task<(SolverRun? Run, IReadOnlyList<SolverResult> Answers)> RunAsync(
        AggregateModel model, ISolver solver, SolverSettings settings, TimeSpan classicalTime, Func<sbyte[], bool>? isUsable = null, CancellationToken cancellation = default)
    {
        var began = Stopwatch.GetTimestamp();
        SolverComparison compared;
        try
        {
            compared = await new BesideClassical(solver, classicalTime).SolveAsync(model, settings, null, cancellation).ConfigureAwait(false);
        }
        catch (SolverException)
        {
            return (null, []);
        }

        bool IsAnswer(SolverResult? result) => result is { IsFeasible: true } && (isUsable?.Invoke([.. result.Sample]) ?? true);
        var run = Of(solver.Name, model, compared, IsAnswer(compared.Asked), compared.Asked?.Elapsed ?? Stopwatch.GetElapsedTime(began));
        return (run, [.. new[] { compared.Asked, compared.Classical }.Where(IsAnswer).Select(r => r!)]);
    }

    /// <summary>A comparison as a report tells it.</summary>
    public static SolverRun Of(string solver, BinaryQuadraticModel model, SolverComparison compared) =>
        Of(solver, model, compared, compared.Asked is { IsFeasible: true }, compared.Asked?.Elapsed ?? TimeSpan.Zero);

    private static SolverRun Of(string solver, BinaryQuadraticModel model, SolverComparison compared, bool isAnswer, TimeSpan elapsed)
    {
        var best = compared.Classical ?? compared.Asked!;
        var asked = isAnswer ? compared.Asked : null;
        var service = compared.Asked?.Service;
        var problem = compared.Trouble
            ?? (isAnswer ? null : string.Create(CultureInfo.InvariantCulture, $"its answer breaks the rules of the problem ({compared.Asked!.ViolatedGroups} groups without exactly one choice) and is not used"))
            ?? (service is { WrongEnergies: > 0 } ? string.Create(CultureInfo.InvariantCulture, $"{service.WrongEnergies} of its energies were told wrong, by up to {service.LargestError:G3}; they were computed anew") : null);
        return new SolverRun(
            service is null ? solver : $"{solver} at {service.Destination}", model.VariableCount, asked?.Energy, best.Energy, best.IsOptimal, elapsed.TotalSeconds,
            asked is null ? null : TimeToTargetOf(compared, asked)?.TotalSeconds, service?.Cost is { } cost ? cost.ToString("0.######", CultureInfo.InvariantCulture) : null, problem);
    }

    /// <summary>By the reads of a service that tells them, or of our own; of one that proves its answer the time that it took.</summary>
    private static TimeSpan? TimeToTargetOf(SolverComparison compared, SolverResult asked)
    {
        if (asked.Service is not null) return compared.TimeToClassical;
        var target = (compared.Classical ?? asked).Energy;
        target += 1e-9 * (1 + Math.Abs(target));
        if (!asked.ReadEnergies.IsEmpty) return TimeToTarget.Of(asked.ReadEnergies.Length, asked.ReadEnergies.Count(e => e <= target), asked.Elapsed / asked.ReadEnergies.Length);
        return asked.Energy <= target ? asked.Elapsed : null;
    }
}
