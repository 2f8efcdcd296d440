namespace TrafficFlow.Analysis.Optimisation.Search;

/// <summary>From which temperature to which an annealer goes where nobody says.</summary>
public static class InverseTemperatures
{
    private const int SampledStates = 32;

    /// <summary>How often the coldest temperature may still lift a sample out of its minimum: dwave-samplers' 0.01.</summary>
    private const double ExcitationRate = 0.01;

    /// <summary>Biases of less than this part of the largest field are no gaps worth freezing for: dwave-samplers' rule would leave no sweeps for the temperatures that matter.</summary>
    private const double LeastGap = 1e-5;

    /// <summary>
    /// A model without groups: dwave-samplers' rule, on the model of -1 and +1. Hot, the worst flip is still accepted every other time, ln 2 / (2 max field); cold, the smallest gaps
    /// hardly ever are, ln (gaps / 0.01) / (2 min bias), but for biases that vanish. With groups, flips are not what is tried: the same two conditions on the moves of groups, whose energies are looked at in random
    /// samples; the cold end by the hundredth part with the least energy instead of the very least, which for measured delays has no meaning.
    /// </summary>
    public static InverseTemperatureRange For(BinaryQuadraticModel model) => model.Groups.Length == 0 ? Flips(model.ChangeVartype(Vartype.Spin)) : Moves(new SearchModel(model));

    private static InverseTemperatureRange Flips(BinaryQuadraticModel spin)
    {
        var (largest, smallest, gaps) = (0.0, double.PositiveInfinity, 0);
        for (var i = 0; i < spin.VariableCount; i++)
        {
            var (sum, least) = (Math.Abs(spin.Linear[i]), spin.Linear[i] == 0 ? double.PositiveInfinity : Math.Abs(spin.Linear[i]));
            for (var k = spin.RowStarts[i]; k < spin.RowStarts[i + 1]; k++)
            {
                var bias = Math.Abs(spin.Biases[k]);
                sum += bias;
                if (bias > 0) least = Math.Min(least, bias);
            }

            largest = Math.Max(largest, sum);
            if (double.IsInfinity(least)) continue;
            if (least < smallest) (smallest, gaps) = (least, 0);
            if (least == smallest) gaps++;
        }

        return Range(2 * largest, 2 * smallest, gaps);
    }

    private static InverseTemperatureRange Moves(SearchModel model)
    {
        var random = new Xoshiro256(0, 0);
        var state = new SearchState(model);
        var costs = new List<double>();
        for (var sample = 0; sample < SampledStates; sample++)
        {
            state.Randomize(ref random);
            foreach (var i in model.Free) costs.Add(Math.Abs(state.FlipDelta(i)));
            for (var g = 0; g < model.Groups.Length; g++)
            {
                for (var p = 0; p < model.Groups[g].Length; p++)
                {
                    costs.Add(Math.Abs(state.MoveDelta(g, p)));
                    var h = random.Next(model.Groups.Length);
                    if (h != g) costs.Add(Math.Abs(state.TransferDelta(g, p, h, random.Next(model.Groups[h].Length))));
                }
            }
        }

        costs.RemoveAll(c => c == 0);
        costs.Sort();
        return costs.Count == 0 ? Range(0, double.PositiveInfinity, 0) : Range(costs[^1], costs[costs.Count / 100], model.Groups.Length + model.Free.Length);
    }

    private static InverseTemperatureRange Range(double largest, double smallest, int gaps)
    {
        // Nothing has any energy: any temperature will do, and these are dwave-samplers'.
        if (largest == 0) return new(0.1, 1);
        var hot = Math.Log(2) / largest;
        return new(hot, Math.Max(hot, Math.Log(Math.Max(gaps, 1) / ExcitationRate) / Math.Max(smallest, LeastGap * largest)));
    }

    /// <summary>From hot to cold in even steps of the logarithm.</summary>
    internal static double[] Geometric(InverseTemperatureRange range, int count)
    {
        var betas = new double[count];
        for (var s = 0; s < count; s++) betas[s] = count == 1 ? range.Cold : range.Hot * Math.Pow(range.Cold / range.Hot, (double)s / (count - 1));
        return betas;
    }
}
