using TrafficFlow.Analysis.Signals;
using TrafficFlow.Core.Flow;
using TrafficFlow.Core.Sites;

namespace TrafficFlow.Analysis.Queues;

/// <summary>The queue of one lane in one cycle.</summary>
/// <param name="Lane">From the kerb, 1 the first.</param>
/// <param name="Cycle">From the end of the green before to the end of this one.</param>
/// <param name="BackMetres">Back of the queue at its farthest, from the stop line to the rear of its last vehicle; what lies beyond sight is estimated. Null where nothing tells it.</param>
/// <param name="Vehicles">That queued, as far as they were seen.</param>
/// <param name="IsBeyondSight">It reached beyond what cameras see.</param>
public sealed record LaneCycleQueue(ApproachId Approach, int Lane, Interval Cycle, DateTimeOffset GreenBegin, Estimate? BackMetres, int Vehicles, bool IsBeyondSight);
