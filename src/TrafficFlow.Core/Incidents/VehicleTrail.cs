using TrafficFlow.Core.Geometry;
using TrafficFlow.Core.Junctions;
using TrafficFlow.Core.Sites;

namespace TrafficFlow.Core.Incidents;

/// <summary>What is remembered of one vehicle while it is on the ground plane.</summary>
internal sealed class VehicleTrail(SceneVehicle first, DateTimeOffset time)
{
    // Slower, and what jitters would seem to have driven.
    private const double DrivesAbove = 1.5;

    public SceneVehicle Now { get; private set; } = first;
    public SceneVehicle Before { get; private set; } = first;
    public DateTimeOffset Time { get; private set; } = time;

    /// <summary>Metres that it drove while it was watched.</summary>
    public double Way { get; private set; }

    /// <summary>By which approach it entered; null while it has not, or nobody saw it.</summary>
    public ApproachId? CameFrom { get; set; }

    public Stand? Stand { get; set; }

    /// <summary>Metres driven against the direction of the lanes without a break.</summary>
    public double Against { get; set; }

    public double AgainstSeconds { get; set; }
    public DateTimeOffset AgainstSince { get; set; }
    public long? WrongWay { get; set; }

    /// <summary>When, and which way, it last drove as the others do in that place.</summary>
    public (DateTimeOffset At, double X, double Y)? With { get; set; }

    public bool IsFresh => Now.SeenAt >= Time.AddSeconds(-1.5);

    public void Move(SceneVehicle now, DateTimeOffset time)
    {
        (Before, Now, Time) = (Now, now, time);
        if (now.Speed > DrivesAbove) Way += now.Place.DistanceTo(Before.Place);
    }
}

/// <summary>A vehicle that stands.</summary>
internal sealed class Stand(SceneVehicle vehicle, DateTimeOffset since)
{
    /// <summary>Vehicles that were behind it while it stood, until they have passed.</summary>
    public HashSet<long> Behind { get; } = [];

    public HashSet<long> Passed { get; } = [];

    public SceneVehicle Vehicle { get; set; } = vehicle;
    public GroundPoint Place { get; } = vehicle.Place;
    public DateTimeOffset Since { get; init; } = since;

    /// <summary>Since when nobody stands or crawls before it.</summary>
    public DateTimeOffset FreeSince { get; set; } = since;
    public DateTimeOffset SeenAt { get; set; } = vehicle.SeenAt;

    /// <summary>Since when its cameras have not watched; null while one does.</summary>
    public DateTimeOffset? UnwatchedSince { get; set; }

    public bool HasDriven { get; set; }
    public Spot? Spot { get; set; }

    /// <summary>Number of the incident that it is; null while it is none.</summary>
    public long? Incident { get; set; }
}
