using System.Collections;
using System.Collections.Concurrent;
using System.Collections.Immutable;
using System.Reflection;
using TrafficFlow.Core.Flow;
using TrafficFlow.Core.Junctions;
using TrafficFlow.Core.Sites;

namespace TrafficFlow.Benchmarks.Fuzz.Readers;

/// <summary>What holds of everything that was read from the wire, whatever message it stands in.</summary>
internal static class WireRules
{
    private static readonly ConcurrentDictionary<Type, ImmutableArray<PropertyInfo>> s_parts = new();

    /// <param name="isFromPeer">Of a message; the names in what was persisted once stay readable.</param>
    /// <exception cref="WrongAcceptanceException">It does not hold.</exception>
    public static void Check(object? value, bool isFromPeer)
    {
        switch (value)
        {
            case null or string or DateTimeOffset or TimeSpan or bool or int or long or double or Google.Protobuf.IMessage:
                return;
            case Enum number:
                if (!Enum.IsDefined(number.GetType(), number)) throw new WrongAcceptanceException($"{number.GetType().Name} has no value {number}");
                return;
            case SiteId or CameraId or ApproachId:
                Require(!isFromPeer || value.ToString() is not { Length: > 0 } name || NameRule.IsKnown(name), "a name");
                return;
            case Movement movement:
                Require(!isFromPeer || movement.Name.Length == 0 || Movement.IsName(movement.Name), "a movement");
                return;
            case FlowSums s:
                Require(s is { Count: >= 0, Small: >= 0, Large: >= 0, SpeedSamples: >= 0 } && IsMeasure(s.SpeedSumKmh) && IsMeasure(s.PaceSum), "flow sums");
                return;
            case QueueSums q:
                Require(IsMeasure(q.Seconds) && IsMeasure(q.MetreSeconds) && IsMeasure(q.MaxMetres) && IsMeasure(q.VehicleSeconds) && q.MaxVehicles >= 0, "queue sums");
                return;
            case CountedVehicle v:
                Require(v.SpeedKmh is not { } speed || IsMeasure(speed), "the speed of a vehicle");
                break;
            case BinDuration d:
                Require(BinDuration.All.Contains(d), "a length of bins");
                return;
            case Journey j:
                Require(double.IsFinite(j.ClassConfidence + j.ColourConfidence + j.DistanceMetres + j.StoppedSeconds + j.DelaySeconds + (j.LateralMetres ?? 0)) && IsMeasure(j.QueuedMetres ?? 0), "a journey");
                break;
            case IEnumerable all:
                foreach (var item in all) Check(item, isFromPeer);
                return;
        }

        foreach (var part in s_parts.GetOrAdd(value.GetType(), Parts)) Check(part.GetValue(value), isFromPeer);
    }

    private static ImmutableArray<PropertyInfo> Parts(Type type) => type.Namespace?.StartsWith("TrafficFlow", StringComparison.Ordinal) == true
        ? [.. type.GetProperties(BindingFlags.Instance | BindingFlags.Public).Where(p => p.GetIndexParameters().Length == 0)]
        : [];

    private static bool IsMeasure(double value) => double.IsFinite(value) && value >= 0;

    private static void Require(bool holds, string what)
    {
        if (!holds) throw new WrongAcceptanceException($"{what} cannot be");
    }
}
