using System.Collections.Immutable;
using TrafficFlow.Analysis.Capacity;
using TrafficFlow.Analysis.Optimisation;
using TrafficFlow.Analysis.Optimisation.Exact;
using TrafficFlow.Analysis.Optimisation.Search;
using TrafficFlow.Analysis.Proposals;
using TrafficFlow.Analysis.Proposals.Corridors;
using TrafficFlow.Core.Signals;
using Xunit;

namespace TrafficFlow.Core.Tests.Analysis.Proposals.Corridors;

public sealed class CorridorTests
{
    public static TheoryData<int> Seeds => [.. Enumerable.Range(61300, 20)];

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(0, 0)]
    [InlineData(17, 0)]
    [InlineData(24.5, 0)]
    [InlineData(33, 30)]
    public async Task One_way_the_best_offset_is_the_travel_time_and_nobody_waits(double travel, double first)
    {
        // 20 s of platoon at 3600 veh/h each 60 s, into 25 s of green of 55.
        var line = Lines.Of(
            [Lines.Junction("A", 20, 30, 1000, 0, 200, first), Lines.Junction("B", 25, 25, 1000, 0, 200)], [Math.Max(travel, 0.001)], isTwoWay: false, dispersion: PlatoonDispersion.None);
        var proposal = await CorridorProposal.OfAsync(line, CorridorRules.Default with { StepSeconds = 1 }, 1, Cancellation);

        // The increment of chance is left.
        var b = proposal.Proposed.Of(1, "out");
        Assert.Equal(HcmDelay.IncrementalSeconds(b.DegreeOfSaturation, 3600 * 25 / 60.0), b.DelaySeconds, 0.1);
        // Their green begins when the platoon comes, or up to 5 s before.
        var early = (first + travel - proposal.Proposed.Plans[1].OffsetSeconds + 120) % 60;
        Assert.True(early is >= -0.6 and <= 5.6 or >= 59.4, $"{early} s early");
        Assert.Equal(20, proposal.Proposed.Bandwidth.OutboundSeconds!.Value, 0.6);
        Assert.Null(proposal.Proposed.Bandwidth.InboundSeconds);
    }

    [Fact]
    public async Task Two_ways_half_a_cycle_apart_are_both_green()
    {
        // L / v = C / 2: the textbook's alternate system, the second green beginning half a cycle after the first.
        var line = Lines.Of([Lines.Junction("A", 30, 20, 900, 900, 200), Lines.Junction("B", 30, 20, 900, 900, 200)], [30], dispersion: PlatoonDispersion.None);
        var proposal = await CorridorProposal.OfAsync(line, CorridorRules.Default with { StepSeconds = 1 }, 1, Cancellation);

        Assert.Equal(30, proposal.Proposed.Plans[1].OffsetSeconds, 0.5);
        Assert.Equal((30.0, 30.0), (proposal.Proposed.Bandwidth.OutboundSeconds, proposal.Proposed.Bandwidth.InboundSeconds));
        Assert.Equal(1, proposal.Proposed.Of(1, "out").ArrivalsOnGreen, 2);
        Assert.Equal(1, proposal.Proposed.Of(0, "in").ArrivalsOnGreen, 2);
        Assert.True(proposal.Today.Of(1, "out").ArrivalsOnGreen < 0.3);
    }

    /// <summary>Vehicles that come evenly wait as HCM's d1 has it, whatever the green is.</summary>
    [Theory]
    [MemberData(nameof(Seeds))]
    public void Even_arrivals_wait_as_HCM_says_and_departures_are_arrivals(int seed)
    {
        var random = new Random(seed);
        var (cycle, green, sat) = (random.Next(40, 140), random.Next(10, 30), 3000.0 / 3600);
        var x = random.NextDouble() * 1.2;
        var arrivals = Enumerable.Repeat(x * sat * green / cycle, cycle).ToArray();
        var service = Enumerable.Range(0, cycle).Select(i => i < green ? sat : 0).ToArray();
        var queue = StopLineQueue.Of(arrivals, service, 1);
        var come = Math.Min(arrivals.Sum(), service.Sum());

        Assert.Equal(HcmDelay.UniformSeconds(cycle, green, x), queue.VehicleSeconds / come, 0.02);
        Assert.Equal(come, queue.Departures.Sum(), 9);
    }

    /// <summary>Any arrivals, against vehicles that are counted in steps of a hundredth of a second.</summary>
    [Theory]
    [MemberData(nameof(Seeds))]
    public void The_cyclic_queue_is_the_area_that_counting_gives(int seed)
    {
        var random = new Random(seed);
        var cycle = random.Next(30, 90);
        var service = Enumerable.Range(0, cycle).Select(_ => random.Next(2) * 1.0).ToArray();
        var arrivals = Enumerable.Range(0, cycle).Select(_ => random.NextDouble()).ToArray();
        var scale = random.NextDouble() * 0.95 * service.Sum() / arrivals.Sum();
        arrivals = [.. arrivals.Select(a => a * scale)];
        var (queue, area) = (0.0, 0.0);
        for (var round = 0; round < 20; round++)
        {
            area = 0;
            for (var i = 0; i < cycle * 100; i++)
            {
                var next = Math.Max(0, queue + ((arrivals[i / 100] - service[i / 100]) / 100));
                area += (queue + next) / 200;
                queue = next;
            }
        }

        Assert.Equal(area, StopLineQueue.Of(arrivals, service, 1).VehicleSeconds, 0.01 * (1 + area));
    }

    [Theory]
    [MemberData(nameof(Seeds))]
    public void Dispersion_loses_nobody_delays_the_mean_by_Robertsons_time_and_spreads(int seed)
    {
        var random = new Random(seed);
        var travel = 10 + (random.NextDouble() * 60);
        // A platoon of one second, in a cycle so long that nothing comes round again.
        var departures = new double[3000];
        departures[0] = 5;
        var arrivals = PlatoonDispersion.Transyt.Arrivals(departures, travel, 1);

        Assert.Equal(5, arrivals.Sum(), 9);
        Assert.Equal(0.8 * travel * 1.35, arrivals.Select((a, i) => a * i).Sum() / 5, 0.01 * travel);
        Assert.Equal(0, arrivals.Take((int)(0.8 * travel)).Sum(), 9);
        Assert.True(arrivals.Max() < 5 / (0.35 * 0.8 * travel) * 1.01);
        Assert.Equal(departures, PlatoonDispersion.None.Arrivals(departures, 3000, 1));
        // Over a short cycle it wraps, and the sum stays.
        Assert.Equal(60, PlatoonDispersion.Transyt.Arrivals([.. Enumerable.Range(0, 60).Select(i => i < 20 ? 3.0 : 0)], travel, 1).Sum(), 9);
    }

    /// <summary>Random lines of three junctions: what the model calls best, against every choice of offsets by what the links lose.</summary>
    [Theory]
    [MemberData(nameof(Seeds))]
    public async Task Enumeration_elimination_and_CP_SAT_find_the_best_of_all_offsets(int seed)
    {
        var line = Lines.Random(seed, 3, hasHalfCycles: seed % 2 == 0);
        var problem = new OffsetProblem(line, CorridorRules.Default with { StepSeconds = 5 });
        var best = double.PositiveInfinity;
        foreach (var b in problem.Choices[1])
        {
            foreach (var c in problem.Choices[2])
            {
                ImmutableArray<TimingPlan> plans = [line.Junctions[0].Plan, b, c];
                best = Math.Min(best, line.Links.Sum(l => problem.Flows.PairCost(l, plans[l.From], plans[l.To])));
            }
        }

        best += Enumerable.Range(0, 3).Sum(j => problem.Flows.OwnCost(j, line.Junctions[j].Plan));
        // CP-SAT takes a second for each.
        ISolver[] proving = seed % 4 == 0 ? [new Enumeration(), new TreeElimination(), new CpSat()] : [new Enumeration(), new TreeElimination()];
        foreach (var solver in (ISolver[])[.. proving, new SimulatedAnnealing(), new ParallelTempering(), new TabuSearch()])
        {
            var found = await solver.SolveAsync(problem.Model, new SolverSettings { Reads = 10, Sweeps = 200, Threads = 2 }, null, Cancellation);
            Assert.True(Math.Abs(best - found.Energy) <= 2e-4 * best, $"{solver.Name}: {found.Energy} of {best}");
            Assert.NotNull(problem.Plans([.. found.Sample]));
        }
    }

    [Theory]
    [MemberData(nameof(Seeds))]
    public async Task A_proposal_is_never_worse_than_today_says_who_pays_and_side_streets_do_not(int seed)
    {
        var line = Lines.Random(seed, 4 + (seed % 3), hasHalfCycles: seed % 3 == 0);
        var proposal = await CorridorProposal.OfAsync(line, CorridorRules.Default with { StepSeconds = 4, MostAddedDelaySeconds = 3 }, 1, Cancellation);

        Assert.True(proposal.Proposed.VehicleHoursPerHour <= proposal.Today.VehicleHoursPerHour);
        Assert.True(proposal.WithinBound.VehicleHoursPerHour <= proposal.Today.VehicleHoursPerHour);
        Assert.All(proposal.Today.StopLines.Zip(proposal.WithinBound.StopLines), p => Assert.True(p.Second.DelaySeconds <= p.First.DelaySeconds + 3 + 1e-9));
        var worse = proposal.StopLines.Where(p => p.Proposed.DelaySeconds > p.Today.DelaySeconds + 0.05).ToList();
        Assert.Equal(worse.Count, proposal.Worse.Length);
        Assert.All(proposal.Worse, w => Assert.NotNull(w.Link));
        // Splits and cycles are today's: side streets see nothing of an offset.
        Assert.Equal(proposal.Today.LostOffLinks, proposal.Proposed.LostOffLinks, 0.005 * proposal.Today.LostOffLinks);
        Assert.Equal(
            proposal.Proposed.VehicleHoursPerHour, proposal.Proposed.LostOffLinks + Enumerable.Range(0, line.Links.Length).Sum(proposal.Proposed.LostOn), 9);
        Assert.True(proposal.Gain.Low <= proposal.Gain.Mean && proposal.Gain.Mean <= proposal.Gain.High);
        Assert.Equal(0, proposal.Searched!.GapToClassical!.Value, 9);
    }

    /// <summary>The sum over pairs and the climb against every choice on the whole line.</summary>
    [Theory]
    [MemberData(nameof(Seeds))]
    public async Task On_the_whole_line_it_is_the_best_of_all_or_near_it(int seed)
    {
        var line = Lines.Random(seed, 3);
        var rules = CorridorRules.Default with { StepSeconds = 5 };
        var proposal = await CorridorProposal.OfAsync(line, rules, 1, Cancellation);
        var problem = new OffsetProblem(line, rules);
        var best = (from b in problem.Choices[1] from c in problem.Choices[2] select problem.Flows.Of([line.Junctions[0].Plan, b, c]).VehicleHoursPerHour).Min();

        Assert.InRange(proposal.Proposed.VehicleHoursPerHour, best - 1e-9, best * 1.005);
    }

    [Fact]
    public async Task A_queue_that_is_longer_than_its_link_is_told_and_travel_times_make_the_gain_unsure()
    {
        var line = Lines.Of([Lines.Junction("A", 50, 40, 1400, 900, 300), Lines.Junction("B", 50, 40, 1400, 900, 300, 30)], [20], dispersion: PlatoonDispersion.None);
        line = line with { Links = [line.Links[0] with { LengthMetres = 30 }, line.Links[1]] };
        var sure = await CorridorProposal.OfAsync(line, CorridorRules.Default, 1, Cancellation);
        var unsure = await CorridorProposal.OfAsync(line with { Links = [.. line.Links.Select(l => l with { RelativeTravelError = 0.3 })] }, CorridorRules.Default, 1, Cancellation);

        // On two lanes.
        Assert.True(sure.Today.Of(1, "out").MostQueued > 2 * 30 / 7.0);
        Assert.Equal([0], sure.FullLinks(sure.Today));
        Assert.Equal((sure.Gain.Mean, sure.Gain.Mean), (sure.Gain.Low, sure.Gain.High));
        Assert.True(unsure.Gain.Low < sure.Gain.Mean && unsure.Gain.ShareBetter is > 0.5 and <= 1, $"{unsure.Gain}");
    }

    [Fact]
    public async Task A_solver_that_fails_or_lies_changes_nothing_but_the_trouble_that_is_told()
    {
        var line = Lines.Random(61400, 4);
        var rules = CorridorRules.Default with { StepSeconds = 5 };
        var expected = await CorridorProposal.OfAsync(line, rules, 1, Cancellation);
        foreach (var solver in (ISolver[])[new Broken(null), new Broken(model => new sbyte[model.VariableCount])])
        {
            var proposal = await CorridorProposal.OfAsync(line, rules, solver, new SolverSettings(), TimeSpan.FromSeconds(10), 1, Cancellation);

            Assert.Equal(expected.Proposed.Plans.Select(p => p.OffsetSeconds), proposal.Proposed.Plans.Select(p => p.OffsetSeconds));
            Assert.Equal(solver is Broken { IsSilent: true } ? "it is away" : null, proposal.Searched!.Trouble);
            Assert.NotEqual(true, proposal.Searched.Asked?.IsFeasible);
        }
    }

    /// <summary>A solver that knows no groups is held to them: nothing that breaks one is the least.</summary>
    [Fact]
    public void No_sample_that_breaks_a_group_has_the_least_energy()
    {
        for (var seed = 1; seed <= 5; seed++)
        {
            var line = Lines.Random(seed, 3);
            var problem = new OffsetProblem(line, CorridorRules.Default with { StepSeconds = Math.Min(10, line.CycleSeconds / 6) });
            var count = Math.Min(problem.Model.VariableCount, 19);
            // Where there are more, those of the last junction that are left out are not set.
            var samples = Enumerable.Range(0, 1 << count).Select(bits => Enumerable.Range(0, problem.Model.VariableCount).Select(i => (sbyte)(i < count ? (bits >> i) & 1 : 0)).ToArray());
            Assert.NotNull(problem.Plans(samples.MinBy(s => problem.Model.Energy(s))!));
        }
    }

    [Theory]
    [InlineData(0, "neither the line's 100 s nor half of it")]
    [InlineData(1, "travel time")]
    [InlineData(2, "leads from a junction of the line to its neighbour")]
    [InlineData(3, "has no demand of group nobody")]
    [InlineData(4, "two junctions at least")]
    [InlineData(5, "comes against it")]
    [InlineData(6, "without effective green")]
    public async Task A_line_that_makes_no_sense_is_refused_with_what_to_do(int what, string expected)
    {
        var line = Lines.Of([Lines.Junction("A", 50, 40, 500, 500, 200), Lines.Junction("B", 50, 40, 500, 500, 200)], [20]);
        line = what switch
        {
            0 => line with { Junctions = line.Junctions.SetItem(1, Lines.Junction("B", 40, 40, 500, 500, 200)) },
            1 => line with { Links = line.Links.SetItem(0, line.Links[0] with { TravelSeconds = 0 }) },
            2 => line with { Links = line.Links.SetItem(0, line.Links[0] with { To = 7 }) },
            3 => line with { Links = line.Links.SetItem(0, line.Links[0] with { Groups = ["nobody"] }) },
            4 => line with { Junctions = [line.Junctions[0]] },
            5 => line with { Links = line.Links.SetItem(1, line.Links[1] with { Feeds = [new LinkFeed("out", 100)] }) },
            _ => line with { Junctions = line.Junctions.SetItem(1, line.Junctions[1] with { Rules = TimingRules.Default with { StartLostSeconds = 60 } }) },
        };
        if (what == 5) line = line with { Junctions = [.. line.Junctions, Lines.Junction("C", 50, 40, 500, 500, 200)], Links = [.. line.Links, new CorridorLink(1, 2, 200, 20, [new LinkFeed("in", 50)], ["out"])] };
        Assert.Contains(expected, (await Assert.ThrowsAsync<ArgumentException>(() => CorridorProposal.OfAsync(line, CorridorRules.Default, 1, Cancellation))).Message, StringComparison.Ordinal);
    }

    private sealed class Broken(Func<BinaryQuadraticModel, sbyte[]>? answer) : ISolver
    {
        public bool IsSilent => answer is null;

        public string Name => "broken";

        public Task<SolverResult> SolveAsync(BinaryQuadraticModel model, SolverSettings settings, IProgress<SolverProgress>? progress = null, CancellationToken cancellation = default) =>
            answer is null
                ? throw new SolverException("it is away")
                : Task.FromResult(SolverResult.Of(Name, model, answer(model), double.NegativeInfinity, StopReason.Completed, TimeSpan.Zero, 1, 0));
    }
}
