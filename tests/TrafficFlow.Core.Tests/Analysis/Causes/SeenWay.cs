using TrafficFlow.Core.Detection;
using TrafficFlow.Core.Geometry;
using TrafficFlow.Simulation;

namespace TrafficFlow.Core.Tests.Analysis.Causes;

/// <summary>One vehicle's way as a camera could follow it.</summary>
internal sealed class SeenWay(long id, int arm, VehicleClass vehicleClass, double length, double first)
{
    private GroundPoint? _place;
    private double _speed;

    public long Id => id;
    public int Arm => arm;
    public VehicleClass Class => vehicleClass;
    public double Length => length;
    public double FirstSeconds { get; private set; } = first;
    public double LastSeconds { get; private set; } = first;
    public double Metres { get; private set; }
    public int Stops { get; private set; }
    public double StoppedSeconds { get; private set; }
    public bool IsStanding { get; private set; }
    public double ToLine { get; private set; }
    public double? EnteredSeconds { get; private set; }
    public double EnterSpeed { get; private set; }
    public double EnteredAside { get; private set; }
    public double? LeftSeconds { get; private set; }
    public double LeaveSpeed { get; private set; }
    public int ExitArm { get; private set; }
    public double? QueuedSeconds { get; private set; }
    public double QueuedMetres { get; private set; }
    public bool HasEntered => EnteredSeconds is not null;

    /// <summary>What was known of it is lost: it is another track from here on.</summary>
    public void BeginAnew(double t) => (FirstSeconds, Metres, Stops, StoppedSeconds) = (t, 0, 0, 0);

    public void Move(double t, GroundPoint place, double speed)
    {
        var toLine = JunctionLayout.ToArm(arm, place.X, place.Y).Y - JunctionLayout.StopLine;
        if (_place is { } before)
        {
            Metres += before.DistanceTo(place);
            if (IsStanding) StoppedSeconds += t - LastSeconds;
            if (!HasEntered && toLine <= 0 && ToLine > 0) Enter(t, before, place, speed, ToLine / (ToLine - toLine));
            if (HasEntered && LeftSeconds is null) TryLeave(t, before, place, speed);
        }

        if (!IsStanding && speed < 5 / 3.6)
        {
            IsStanding = true;
            if (_place is not null) Stops++;
            if (!HasEntered && QueuedSeconds is null && toLine > 0) (QueuedSeconds, QueuedMetres) = (t, toLine + (length / 2));
        }
        else if (IsStanding && speed > 10 / 3.6)
        {
            IsStanding = false;
        }

        (_place, _speed, ToLine, LastSeconds) = (place, speed, toLine, t);
    }

    private void Enter(double t, GroundPoint before, GroundPoint place, double speed, double share)
    {
        EnteredSeconds = LastSeconds + (share * (t - LastSeconds));
        EnterSpeed = _speed + (share * (speed - _speed));
        EnteredAside = JunctionLayout.ToArm(arm, before.X + (share * (place.X - before.X)), before.Y + (share * (place.Y - before.Y))).X;
    }

    private void TryLeave(double t, GroundPoint before, GroundPoint place, double speed)
    {
        for (var exit = 0; exit < 4; exit++)
        {
            if (exit == arm) continue;
            var (was, now) = (JunctionLayout.ToArm(exit, before.X, before.Y), JunctionLayout.ToArm(exit, place.X, place.Y));
            if (was.Y >= JunctionLayout.ExitLine || now.Y < JunctionLayout.ExitLine || now.X > 0 || now.X < -8) continue;
            var share = (JunctionLayout.ExitLine - was.Y) / (now.Y - was.Y);
            (LeftSeconds, LeaveSpeed, ExitArm) = (LastSeconds + (share * (t - LastSeconds)), _speed + (share * (speed - _speed)), exit);
        }
    }
}
