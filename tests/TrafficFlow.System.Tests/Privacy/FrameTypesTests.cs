using System.Reflection;
using System.Runtime.Serialization;
using Akka.Actor;
using Akka.TestKit.Xunit;
using TrafficFlow.Core.Frames;
using TrafficFlow.Node;
using TrafficFlow.Node.Settings;
using TrafficFlow.Roadside;
using TrafficFlow.Server;
using TrafficFlow.Simulation;
using TrafficFlow.Synthetic;
using TrafficFlow.Vision;
using TrafficFlow.Wire.Serialization;
using Xunit;

namespace TrafficFlow.SystemTests.Privacy;

/// <summary>No type that is or holds a picture has a wire form: every type of every assembly is looked at.</summary>
public sealed class FrameTypesTests() : TestKit(ActorsSettings.Reference)
{
    private const BindingFlags Fields = BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.DeclaredOnly;

    private static readonly Type[] Ours =
    [
        .. new[] { typeof(AnonymizedFrame), typeof(IWireMessage), typeof(RoadsideHosting), typeof(ServerHosting), typeof(VideoReaderFactory), typeof(FrameReaderFactory), typeof(ExitCodes), typeof(JunctionSimulation) }
            .SelectMany(t => t.Assembly.GetTypes()),
    ];

    private static readonly Type[] Pictures = [.. Ours.Where(t => t.Namespace == typeof(AnonymizedFrame).Namespace && HoldsPixels(t))];

    [Fact]
    public void Nothing_that_holds_a_picture_has_a_serializer()
    {
        var holders = Ours.Where(t => t is { IsInterface: false, ContainsGenericParameters: false } && Holds(t)).ToList();

        Assert.Contains(typeof(CapturedFrame), holders);
        Assert.Contains(typeof(AnonymizedFrame), holders);
        // The message that carries a picture from one actor of a camera to the next.
        Assert.Contains(holders, t => t.Name == "FrameRead");
        foreach (var type in holders)
        {
            Assert.False(typeof(IWireMessage).IsAssignableFrom(type), $"{type} is marked as {nameof(IWireMessage)}");
            Assert.True(Sys.Serialization.FindSerializerForType(type) is StrictFallbackSerializer, $"{type} has a serializer");
        }
    }

    [Fact]
    public void Every_type_of_ours_without_a_line_in_the_table_meets_the_serializer_that_refuses()
    {
        var refusing = new StrictFallbackSerializer((ExtendedActorSystem)Sys);
        foreach (var type in Pictures.Where(t => t is { IsAbstract: false, ContainsGenericParameters: false }))
        {
            var blank = System.Runtime.CompilerServices.RuntimeHelpers.GetUninitializedObject(type);
            GC.SuppressFinalize(blank);
            Assert.Throws<SerializationException>(() => refusing.ToBinary(blank));
        }
    }

    private static bool HoldsPixels(Type type) => type.GetFields(Fields).Any(f => f.FieldType == typeof(byte[]) || f.FieldType == typeof(Memory<byte>));

    /// <summary>By its own fields, those of its base classes, and what is in their collections.</summary>
    private static bool Holds(Type type)
    {
        for (var t = type; t is not null && t != typeof(object); t = t.BaseType)
        {
            if (Pictures.Contains(t) || t.GetFields(Fields).Any(f => Parts(f.FieldType).Any(Pictures.Contains))) return true;
        }

        return false;
    }

    private static IEnumerable<Type> Parts(Type type) =>
        [type, .. type.GetElementType() is { } element ? Parts(element) : [], .. type.GetGenericArguments().SelectMany(Parts)];
}
