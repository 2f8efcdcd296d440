namespace TrafficFlow.Analysis.Proposals;

/// <summary>
/// The uniform part of delay for any pattern of greens: vehicles come evenly, leave at the saturation flow while green lasts and a queue stands, and as they come when it is gone. With
/// one green a cycle it is HCM's d1 to the last digit; with two (a turn that goes with the main green and has an arrow, too) that formula does not hold, and this does.
/// </summary>
internal static class CyclicQueue
{
    /// <param name="greens">Effective, seconds of the cycle, without overlap.</param>
    /// <param name="degreeOfSaturation">Above 1 the uniform part grows no more: what comes beyond capacity is the overflow's.</param>
    /// <returns>Mean delay, seconds per vehicle; infinite where there is no green.</returns>
    public static double UniformSeconds(double cycleSeconds, IReadOnlyList<(double Begin, double Length)> greens, double degreeOfSaturation)
    {
        var green = greens.Sum(g => g.Length);
        if (green <= 0) return double.PositiveInfinity;
        if (green >= cycleSeconds) return 0;
        // In units of the saturation flow: arrivals per second as a share of it.
        var arrivals = Math.Min(1, degreeOfSaturation) * green / cycleSeconds;
        if (arrivals <= 0) arrivals = 1e-9;
        var order = greens.OrderBy(g => g.Begin).ToList();
        // Two cycles: the first finds the queue with which each begins.
        var (queue, area) = (0.0, 0.0);
        for (var round = 0; round < 2; round++)
        {
            area = 0;
            for (var i = 0; i < order.Count; i++)
            {
                var next = i + 1 < order.Count ? order[i + 1].Begin : order[0].Begin + cycleSeconds;
                // Green: the queue falls by 1 - arrivals each second until it is gone.
                var empty = Math.Min(order[i].Length, queue / (1 - Math.Min(arrivals, 1 - 1e-12)));
                var left = Math.Max(0, queue - ((1 - arrivals) * order[i].Length));
                area += (queue + (empty < order[i].Length ? 0 : left)) / 2 * empty;
                // Red: it grows.
                var red = next - order[i].Begin - order[i].Length;
                area += red * (left + (arrivals * red / 2));
                queue = left + (arrivals * red);
            }
        }

        return area / (arrivals * cycleSeconds);
    }
}
