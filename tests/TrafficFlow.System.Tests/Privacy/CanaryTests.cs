using System.Reflection;
using System.Runtime.Serialization;
using Akka.Actor;
using TrafficFlow.Core.Frames;
using TrafficFlow.Core.Sites;
using TrafficFlow.Roadside.Cameras;
using TrafficFlow.Server;
using TrafficFlow.Synthetic;
using TrafficFlow.SystemTests.Support;
using TrafficFlow.Vision.Ffmpeg;
using TrafficFlow.Vision.Masking;
using TrafficFlow.Wire;
using TrafficFlow.Wire.Serialization;
using Xunit;

namespace TrafficFlow.SystemTests.Privacy;

/// <summary>Captured pixels reach nobody but the readers: by the types, and by a marked picture that must not come through.</summary>
public sealed class CanaryTests(Clips clips) : IClassFixture<Clips>
{
    private const BindingFlags Declared =
        BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Instance | BindingFlags.Static | BindingFlags.DeclaredOnly;

    private static readonly Assembly[] s_assemblies =
    [
        typeof(CapturedFrame).Assembly,
        typeof(FfmpegFrameReader).Assembly,
        typeof(Simulation.JunctionSimulation).Assembly,
        typeof(FrameReaderFactory).Assembly,
        typeof(IWireMessage).Assembly,
        typeof(CameraSettings).Assembly,
        typeof(ServerHosting).Assembly,
        typeof(TrafficFlow.Vault.Accounts.AccountStore).Assembly,
        typeof(TrafficFlow.Web.WebServer).Assembly,
        typeof(TrafficFlow.Client.TrafficFlowClient).Assembly,
        Assembly.Load("TrafficFlow.Analysis"),
        Assembly.Load("trafficflow"),
    ];

    [Fact]
    public void All_assemblies_of_the_product_are_looked_at()
    {
        var shipped = Directory.GetFiles(AppContext.BaseDirectory, "*.dll").Select(Path.GetFileNameWithoutExtension)
            .Where(name => name!.StartsWith("TrafficFlow", StringComparison.OrdinalIgnoreCase) && !name.Contains("Tests"));
        Assert.Equal(shipped.Order(StringComparer.OrdinalIgnoreCase), s_assemblies.Select(a => a.GetName().Name).Order(StringComparer.OrdinalIgnoreCase));
    }

    [Fact]
    public void Only_readers_and_anonymizers_know_captured_frames()
    {
        var offenders = s_assemblies.SelectMany(a => a.GetTypes())
            .Where(type => !MayKnowCaptured(type) && MentionsOf(type).Any(Mentions<CapturedFrame>))
            .Select(type => type.FullName);
        Assert.Empty(offenders);
    }

    [Fact]
    public void The_readers_do_know_captured_frames_so_that_this_test_sees_them()
    {
        var knowing = s_assemblies.SelectMany(a => a.GetTypes()).Where(type => MentionsOf(type).Any(Mentions<CapturedFrame>)).ToList();
        Assert.Contains(typeof(FfmpegFrameReader), knowing);
        Assert.Contains(typeof(PaintedFrame), knowing);
        Assert.Contains(typeof(IAnonymizer), knowing);
    }

    [Fact]
    public void Only_the_core_the_readers_and_tests_may_make_frames()
    {
        var friends = typeof(CapturedFrame).Assembly.GetCustomAttributes<global::System.Runtime.CompilerServices.InternalsVisibleToAttribute>()
            .Select(friend => friend.AssemblyName).Where(name => !name.EndsWith(".Tests", StringComparison.Ordinal));
        Assert.Equal(["TrafficFlow.Vision"], friends);
    }

    [Fact]
    public void Actors_painters_and_the_node_do_not_reference_captured_frames_at_all()
    {
        foreach (var assembly in s_assemblies.Except([typeof(CapturedFrame).Assembly, typeof(FfmpegFrameReader).Assembly, typeof(Simulation.JunctionSimulation).Assembly]))
        {
            // Every type and member that code refers to is named in the assembly's own tables, method bodies included.
            using var file = new global::System.Reflection.PortableExecutable.PEReader(File.OpenRead(assembly.Location));
            var metadata = global::System.Reflection.Metadata.PEReaderExtensions.GetMetadataReader(file);
            var names = metadata.TypeReferences.Select(handle => metadata.GetString(metadata.GetTypeReference(handle).Name)).ToList();
            Assert.DoesNotContain(nameof(CapturedFrame), names);
            // Of the same project, so that it is seen that names are read; the client knows none of ours.
            if (assembly == typeof(TrafficFlow.Client.TrafficFlowClient).Assembly) Assert.Contains(nameof(HttpClient), names);
            else Assert.Contains(names, n => n is nameof(SiteId) or nameof(NameRule) or nameof(ApproachId));
        }
    }

    [Theory]
    [InlineData(typeof(CapturedFrame))]
    [InlineData(typeof(AnonymizedFrame))]
    public void A_frame_cannot_be_made_derived_or_serialized_by_others(Type frame)
    {
        Assert.Empty(frame.GetConstructors());
        Assert.True(frame.IsSealed);
        Assert.False(typeof(ISerializable).IsAssignableFrom(frame));
        Assert.DoesNotContain(frame.GetCustomAttributes(), a => a.GetType().FullName!.Contains("Serializ") || a.GetType().FullName!.Contains("Json"));
    }

    [Fact]
    public async Task Akka_refuses_to_write_a_frame()
    {
        var pool = new FramePool(3, 1);
        using var captured = new CapturedFrame(pool, 1, 1);
        using var other = new CapturedFrame(pool, 1, 1);
        using var anonymized = other.IntoAnonymized();
        var system = (ExtendedActorSystem)ActorSystem.Create("canary");
        Assert.Throws<SerializationException>(() => new StrictFallbackSerializer(system).ToBinary(captured));
        Assert.Throws<SerializationException>(() => new StrictFallbackSerializer(system).ToBinary(anonymized));
        Assert.Throws<SerializationException>(() => new TrafficFlowSerializer(system).ToBinary(anonymized));
        await system.Terminate();
    }

    [Fact]
    public void A_captured_frame_shows_its_pixels_to_nobody() =>
        Assert.DoesNotContain(typeof(CapturedFrame).GetProperties(), p => p.PropertyType != typeof(int) && p.PropertyType != typeof(long) && p.PropertyType != typeof(DateTimeOffset) && p.PropertyType != typeof(bool));

    /// <summary>What Akka's serializers are bound to, and what has generated protobuf code, must not hold a frame at any depth.</summary>
    [Fact]
    public void Nothing_that_is_serialized_holds_a_frame()
    {
        var bound = SerializedTypes().ToList();
        Assert.NotEmpty(bound);
        foreach (var type in bound)
        {
            var reached = Reach(type);
            Assert.DoesNotContain(typeof(CapturedFrame), reached);
            Assert.DoesNotContain(typeof(AnonymizedFrame), reached);
        }
    }

    [Theory]
    [InlineData(320, 240)]
    [InlineData(160, 120)]
    [InlineData(211, 157)]
    public async Task A_mark_inside_a_mask_is_in_no_frame_that_is_handed_out(int width, int height)
    {
        // Grey street; inside the mask a loud red and blue pattern that changes with each frame.
        var clip = clips.Make(
            "marked.mp4",
            [
                "-f", "lavfi", "-i", "color=gray:s=320x240:r=25:d=2", "-f", "lavfi", "-i", "testsrc2=s=160x120:r=25:d=2",
                "-filter_complex", "[0][1]overlay=80:60", .. Clips.H264(25),
            ]);
        Assert.True(await MarkedFrames(clip, width, height) == 50, "the mark is not seen even without masks: this test proves nothing");

        // Scaling smears the border: half a per cent around the mark belongs to the mask, as an operator would draw it.
        Assert.Equal(0, await MarkedFrames(clip, width, height, TestCamera.Rectangle(0.24, 0.24, 0.76, 0.76)));
    }

    private static async Task<int> MarkedFrames(string clip, int width, int height, params IReadOnlyList<Polygon> masks)
    {
        await using var reader = await TestCamera.OpenAsync(clip, new FrameFormat(width, height, 25), masks: masks);
        var marked = 0;
        while (await reader.ReadAsync(default) is { } frame)
        {
            using (frame)
            {
                if (HasColour(frame.Pixels)) marked++;
            }
        }

        return marked;
    }

    private static bool HasColour(ReadOnlySpan<byte> pixels)
    {
        for (var at = 0; at < pixels.Length; at += 3)
        {
            var (b, g, r) = (pixels[at], pixels[at + 1], pixels[at + 2]);
            if (Math.Max(b, Math.Max(g, r)) - Math.Min(b, Math.Min(g, r)) > 24) return true;
        }

        return false;
    }

    private static bool MayKnowCaptured(Type type)
    {
        for (var outer = type; outer is not null; outer = outer.DeclaringType)
        {
            if (outer.Namespace == typeof(CapturedFrame).Namespace && outer.Assembly == typeof(CapturedFrame).Assembly) return true;
            if (outer == typeof(FfmpegFrameReader) || outer == typeof(PaintedFrame) || typeof(IAnonymizer).IsAssignableFrom(outer)) return true;
        }

        return false;
    }

    /// <summary>Every type that a type's members name, the variables of its methods included.</summary>
    private static IEnumerable<Type> MentionsOf(Type type)
    {
        if (type.BaseType is { } parent) yield return parent;
        foreach (var face in type.GetInterfaces()) yield return face;
        foreach (var field in type.GetFields(Declared)) yield return field.FieldType;
        foreach (var property in type.GetProperties(Declared)) yield return property.PropertyType;
        foreach (var method in type.GetMembers(Declared).OfType<MethodBase>())
        {
            if (method is MethodInfo { ReturnType: { } returned }) yield return returned;
            foreach (var parameter in method.GetParameters()) yield return parameter.ParameterType;
            foreach (var variable in method.GetMethodBody()?.LocalVariables ?? []) yield return variable.LocalType;
        }
    }

    private static bool Mentions<T>(Type type) =>
        type == typeof(T)
        || (type.HasElementType && Mentions<T>(type.GetElementType()!))
        || (type.IsGenericType && type.GetGenericArguments().Any(Mentions<T>));

    private static IEnumerable<Type> SerializedTypes()
    {
        var protobuf = s_assemblies.SelectMany(a => a.GetTypes())
            .Where(type => type.GetInterfaces().Any(face => face.FullName == "Google.Protobuf.IMessage"));
        var wire = s_assemblies.SelectMany(a => a.GetTypes()).Where(type => type.GetInterfaces().Any(face => face.Name == "IWireMessage"));
        return protobuf.Concat(wire);
    }

    private static HashSet<Type> Reach(Type from)
    {
        var reached = new HashSet<Type>();
        var open = new Stack<Type>([from]);
        while (open.TryPop(out var type))
        {
            if (!reached.Add(type)) continue;
            if (type.HasElementType) open.Push(type.GetElementType()!);
            foreach (var argument in type.GetGenericArguments()) open.Push(argument);
            if (!s_assemblies.Contains(type.Assembly)) continue;
            foreach (var field in type.GetFields(BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Instance)) open.Push(field.FieldType);
        }

        return reached;
    }
}
