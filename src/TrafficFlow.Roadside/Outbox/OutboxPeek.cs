using TrafficFlow.Core.Sites;
using TrafficFlow.Wire.OutboxEntries;

namespace TrafficFlow.Roadside.Outbox;

/// <summary>Asks an outbox what waits in it. Answered with <see cref="OutboxContents"/>; never leaves the process.</summary>
/// <param name="Count">So many of the first and of the last entries.</param>
public sealed record PeekOutbox(int Count);

/// <param name="Entries">In order; where more wait, some are left out in the middle.</param>
public sealed record OutboxContents(CameraId Camera, long Pending, long Dropped, IReadOnlyList<(long Epoch, OutboxEntry Entry)> Entries, IReadOnlyList<OutboxLane> Lanes);

/// <summary>The delivery to one approach.</summary>
/// <param name="Pending">Entries after <paramref name="AcceptedUpTo"/>.</param>
/// <param name="InFlight">Up to where it was sent and not answered yet; null where nothing is under way.</param>
/// <param name="Sendings">Of what is under way.</param>
public sealed record OutboxLane(ApproachId Approach, LogPosition AcceptedUpTo, long Pending, LogPosition? InFlight, int Sendings);
