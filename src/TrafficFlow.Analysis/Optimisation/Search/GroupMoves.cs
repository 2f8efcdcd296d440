namespace TrafficFlow.Analysis.Optimisation.Search;

/// <summary>
/// What is tried on one-hot groups: moves within a group, and transfers, which move two groups at once. Flips would first have to pay for a broken group, and a move of one group alone for
/// a broken sum of two: a second that one stage gets must come from another. Every proposal is as likely as its reverse.
/// </summary>
internal static class GroupMoves
{
    /// <summary>As many moves and as many transfers as there are variables in groups.</summary>
    public static void Sweep(SearchModel model, SearchState state, double beta, ref Xoshiro256 random)
    {
        for (var g = 0; g < model.Groups.Length; g++)
        {
            var size = model.Groups[g].Length;
            for (var trial = 0; trial < size; trial++)
            {
                var position = random.Next(size);
                if (IsAccepted(state.MoveDelta(g, position), beta, ref random)) state.Move(g, position);
                if (model.Groups.Length == 1) continue;
                var h = random.Next(model.Groups.Length - 1);
                if (h >= g) h++;
                if (Transfer(model, state, g, h, ref random) is not var (gTo, hTo)) continue;
                if (IsAccepted(state.TransferDelta(g, gTo, h, hTo), beta, ref random)) state.Transfer(g, gTo, h, hTo);
            }
        }
    }

    /// <summary>Down to a sample that no flip, move, or transfer of equal steps makes better: the best move of each group in turn, until nothing is gained.</summary>
    public static void Descend(SearchModel model, SearchState state)
    {
        state.Recompute();
        // What rounding alone gains, the energy computed anew does not: without that look two samples of equal energy might follow each other for ever.
        while (true)
        {
            var before = state.Energy;
            foreach (var i in model.Free)
            {
                if (state.FlipDelta(i) < -model.Tolerance) state.Flip(i);
            }

            for (var g = 0; g < model.Groups.Length; g++)
            {
                BestMove(model, state, g);
                BestTransfer(model, state, g);
            }

            state.Recompute();
            if (state.Energy >= before - model.Tolerance) return;
        }
    }

    private static void BestMove(SearchModel model, SearchState state, int g)
    {
        var (best, position) = (-model.Tolerance, -1);
        for (var p = 0; p < model.Groups[g].Length; p++)
        {
            if (state.MoveDelta(g, p) is var delta && delta < best) (best, position) = (delta, p);
        }

        if (position >= 0) state.Move(g, position);
    }

    private static void BestTransfer(SearchModel model, SearchState state, int g)
    {
        var (best, other, steps) = (-model.Tolerance, -1, 0);
        for (var h = 0; h < model.Groups.Length; h++)
        {
            if (h == g) continue;
            var (from, to) = Steps(model, state, g, h);
            for (var step = from; step <= to; step++)
            {
                if (step != 0 && state.TransferDelta(g, state.Positions[g] + step, h, state.Positions[h] - step) is var delta && delta < best) (best, other, steps) = (delta, h, step);
            }
        }

        if (other >= 0) state.Transfer(g, state.Positions[g] + steps, other, state.Positions[other] - steps);
    }

    /// <summary>By how many steps the first group can go up while the second goes down as many; below 0 the other way round.</summary>
    public static (int From, int To) Steps(SearchModel model, SearchState state, int g, int h)
    {
        var (up, down) = (state.Positions[g], state.Positions[h]);
        return (-Math.Min(up, model.Groups[h].Length - 1 - down), Math.Min(model.Groups[g].Length - 1 - up, down));
    }

    /// <returns>Null where the step would lead out of a group.</returns>
    private static (int GPosition, int HPosition)? Transfer(SearchModel model, SearchState state, int g, int h, ref Xoshiro256 random)
    {
        var (gSize, hSize) = (model.Groups[g].Length, model.Groups[h].Length);
        var kind = random.Next(4);
        // Groups whose neighbours are no equal steps apart need any pair of targets.
        if (kind == 0) return (random.Next(gSize), random.Next(hSize));
        var step = kind == 1 ? 1 + random.Next(Math.Min(gSize, hSize)) : 1;
        if (random.Next(2) == 0) step = -step;
        var (gTo, hTo) = (state.Positions[g] + step, state.Positions[h] - step);
        return gTo >= 0 && gTo < gSize && hTo >= 0 && hTo < hSize ? (gTo, hTo) : null;
    }

    private static bool IsAccepted(double delta, double beta, ref Xoshiro256 random) =>
        delta <= 0 || (beta * delta is var cost && cost < Metropolis.Hopeless && Metropolis.Accepts(cost, ref random));
}
