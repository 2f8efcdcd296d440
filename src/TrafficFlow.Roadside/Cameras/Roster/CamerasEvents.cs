using System.Collections.Immutable;
using TrafficFlow.Core.Sites;
using TrafficFlow.Wire.Cameras;

namespace TrafficFlow.Roadside.Cameras.Roster;

/// <summary>What the cameras' supervisor has decided or learnt: <see cref="CamerasState"/> applies it, <see cref="CamerasActor"/> carries it out.</summary>
internal abstract record CamerasEvent;

internal sealed record SitesChanged(IReadOnlyList<Site> Sites) : CamerasEvent;

/// <param name="Junction">Joins the camera's tracks; null where the camera counts by itself.</param>
internal sealed record CameraStarted(Site Site, CameraSetup Camera, CameraId? Junction) : CamerasEvent;

/// <param name="StopsNow">False where something else has to stop first.</param>
internal sealed record CameraRestarting(CameraId Camera, string Reason, bool StopsNow) : CamerasEvent;

/// <summary>It is in no site file of the node any more and stops.</summary>
internal sealed record CameraLeaving(SiteId Site, CameraId Camera) : CamerasEvent;

/// <summary>Its actor is no more.</summary>
internal sealed record CameraEnded(CameraId Camera) : CamerasEvent;

internal sealed record CameraEndedUnexpectedly(CameraId Camera) : CamerasEvent;

/// <summary>Whoever asked for the restart gets an answer.</summary>
internal sealed record RestartAnswered(CameraId Camera, bool IsKnown) : CamerasEvent;

/// <summary>The camera goes on under the new configuration of its site.</summary>
internal sealed record CameraKept(Site Site, CameraId Camera) : CamerasEvent;

/// <param name="Junction">Null: the camera counts by itself.</param>
internal sealed record CameraJoined(CameraId Camera, CameraId? Junction) : CamerasEvent;

/// <summary>What a camera that is no more has counted is delivered.</summary>
internal sealed record FormerOutboxStarted(SiteId Site, CameraId Camera) : CamerasEvent;

internal sealed record FormerOutboxStopping(SiteId Site, CameraId Camera) : CamerasEvent;

internal sealed record FormerOutboxEnded(SiteId Site, CameraId Camera) : CamerasEvent;

internal sealed record StatusChanged(CameraStatus Status) : CamerasEvent;

/// <summary>It has ended and everything was delivered.</summary>
internal sealed record CameraFinished(CameraStatus Status) : CamerasEvent;

/// <summary>Everything is delivered: the last bins of these approaches are closed.</summary>
internal sealed record BinsClosing(ImmutableHashSet<(SiteId Site, ApproachId Approach)> Approaches) : CamerasEvent;

internal sealed record BinsOfApproachClosed(SiteId Site, ApproachId Approach) : CamerasEvent;

internal sealed record RunEnded : CamerasEvent;

/// <summary>All cameras, and all outboxes of former ones, stop.</summary>
internal sealed record StopBegan : CamerasEvent;

internal sealed record CameraStopConfirmed(CameraId Camera) : CamerasEvent;

/// <summary>Nothing is left that runs.</summary>
internal sealed record StopCompleted : CamerasEvent;
