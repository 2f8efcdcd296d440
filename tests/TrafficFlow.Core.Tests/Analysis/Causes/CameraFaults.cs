using System.Collections.Immutable;
using TrafficFlow.Core.Flow;
using TrafficFlow.Core.Junctions;
using TrafficFlow.Simulation;

namespace TrafficFlow.Core.Tests.Analysis.Causes;

/// <summary>What a camera that is blind, blinded or moved makes of journeys that were seen well; nothing where all cameras are well.</summary>
internal sealed class CameraFaults
{
    private readonly TroubledJunction _junction;
    private readonly Random _random;
    private readonly int _arm;
    private readonly Interval _span;
    private readonly bool _isTold;
    private readonly bool _isGone;
    private readonly double _speed;
    private readonly double _aside;

    public CameraFaults(TroubledJunction junction, Random random)
    {
        (_junction, _random, _arm) = (junction, random, JunctionLayout.IndexOf(junction.Approach));
        _span = new Interval(SeenJunction.At(junction.Span.FromSeconds), SeenJunction.At(junction.Span.ToSeconds));
        // Two thirds are noticed by the camera's own judges of scene and visibility, after some minutes; a blind one may give no pictures at all.
        _isTold = random.NextDouble() < 0.67;
        _isGone = random.NextDouble() < 0.5;
        _speed = random.NextDouble() < 0.5 ? 0.5 + (0.2 * random.NextDouble()) : 1.4 + (0.4 * random.NextDouble());
        _aside = (random.NextDouble() < 0.5 ? -1 : 1) * (1.5 + (2 * random.NextDouble()));
    }

    private bool IsNoticed => _junction.Fault != CameraFault.None && _isTold;

    public IntervalSet Watched(int arm, Interval span) => _junction.Fault == CameraFault.Blind && arm == _arm && _isGone
        ? IntervalSet.Of(new Interval(span.From, _span.From), new Interval(_span.To, span.To))
        : IntervalSet.Of(span);

    public IntervalSet Degraded(int arm) =>
        arm == _arm && IsNoticed && !(_junction.Fault == CameraFault.Blind && _isGone) ? IntervalSet.Of(new Interval(_span.From.AddMinutes(3), _span.To)) : IntervalSet.Empty;

    public ImmutableArray<QueueReading> Queues(int arm, IEnumerable<QueueReading> readings) =>
    [
        .. readings.SelectMany<QueueReading, QueueReading>(r => arm != _arm || _junction.Fault == CameraFault.None || r.From < _span.From || r.From >= _span.To
            ? [r]
            : _junction.Fault switch
            {
                CameraFault.Blind => _isGone ? [] : [r with { Sums = new QueueSums(60, 0, 0, 0, 0) }],
                CameraFault.Blinded => [r with { Sums = r.Sums with { VehicleSeconds = r.Sums.VehicleSeconds * 0.4 } }],
                _ => [r with { Sums = r.Sums with { MetreSeconds = r.Sums.MetreSeconds * _speed, MaxMetres = r.Sums.MaxMetres * _speed } }],
            }),
    ];

    public IEnumerable<Journey> Spoil(IEnumerable<Journey> journeys)
    {
        if (_junction.Fault == CameraFault.None) return journeys;
        var approach = JunctionLayout.Approaches[_arm];
        return journeys.SelectMany(j => j.LastSeenAt < _span.From || j.LastSeenAt >= _span.To || j.Approach != approach ? [j] : Spoil(j));
    }

    private IEnumerable<Journey> Spoil(Journey j)
    {
        switch (_junction.Fault)
        {
            case CameraFault.Blind:
                // The others see it leave.
                if (_random.NextDouble() < 0.8) yield return Headless(j);
                break;
            case CameraFault.Blinded:
                var luck = _random.NextDouble();
                if (luck < 0.35) yield return j;
                else if (luck < 0.75) yield return Headless(j);
                break;
            default:
                // Gates and scale are no longer where they were.
                if (_random.NextDouble() < 0.3) yield return Headless(j);
                else yield return j with
                {
                    EnterSpeedKmh = j.EnterSpeedKmh * _speed,
                    DistanceMetres = j.DistanceMetres * (0.5 + (0.5 * _speed)),
                    LateralMetres = j.LateralMetres + _aside,
                    QueuedMetres = j.QueuedMetres * _speed,
                    DelaySeconds = Math.Max(0, j.DelaySeconds + (8 * (1 - _speed))),
                    Stops = j.Stops + (_random.NextDouble() < 0.3 ? 1 : 0),
                };
                break;
        }
    }

    private Journey Headless(Journey j) => j with
    {
        Approach = null,
        EnteredAt = null,
        EnterSpeedKmh = null,
        LateralMetres = null,
        QueuedAt = null,
        QueuedMetres = null,
        Cameras = 1,
        FirstSeenAt = (j.EnteredAt ?? j.FirstSeenAt).AddSeconds(_random.NextDouble()),
        DelaySeconds = Math.Min(j.DelaySeconds, 5),
        Stops = 0,
        StoppedSeconds = 0,
    };
}
