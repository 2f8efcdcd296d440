namespace TrafficFlow.Analysis.Proposals.Corridors;

/// <summary>
/// The queue behind a stop line through one cycle that repeats itself: delay is the area under it (Little's law), as in TRANSYT. Vehicles queue upright at the stop line.
/// </summary>
/// <param name="VehicleSeconds">Waited in a cycle.</param>
/// <param name="Stopped">Vehicles of a cycle that come to a queue or to red.</param>
/// <param name="OnGreen">Vehicles of a cycle that come while there is green.</param>
/// <param name="MostQueued">Vehicles.</param>
/// <param name="Departures">Of each step.</param>
internal sealed record StopLineQueue(double VehicleSeconds, double Stopped, double OnGreen, double MostQueued, double[] Departures)
{
    /// <param name="arrivals">Vehicles in each step of the cycle; what is more than can pass in a cycle is left out of all steps alike: it is the overflow's.</param>
    /// <param name="service">Vehicles that could pass in each step.</param>
    public static StopLineQueue Of(double[] arrivals, double[] service, double stepSeconds)
    {
        var (come, can) = (0.0, 0.0);
        for (var i = 0; i < arrivals.Length; i++) (come, can) = (come + arrivals[i], can + service[i]);
        var share = come > can ? can / come : 1;
        var departures = new double[arrivals.Length];
        var (queue, area, stopped, onGreen, most) = (0.0, 0.0, 0.0, 0.0, 0.0);
        // Two cycles: the first, from no queue, finds the one with which each begins.
        for (var round = 0; round < 2; round++)
        {
            (area, stopped, onGreen, most) = (0, 0, 0, queue);
            for (var i = 0; i < arrivals.Length; i++)
            {
                var (a, s) = (arrivals[i] * share, service[i]);
                if (s > 0) onGreen += a;
                if (queue + a >= s)
                {
                    var next = queue + a - s;
                    area += (queue + next) / 2 * stepSeconds;
                    if (next > 0) stopped += a;
                    departures[i] = s;
                    queue = next;
                }
                else
                {
                    // Gone within the step.
                    var until = queue / (s - a);
                    area += queue * until / 2 * stepSeconds;
                    stopped += a * until;
                    departures[i] = queue + a;
                    queue = 0;
                }

                most = Math.Max(most, queue);
            }
        }

        return new StopLineQueue(area, stopped, onGreen, most, departures);
    }
}
