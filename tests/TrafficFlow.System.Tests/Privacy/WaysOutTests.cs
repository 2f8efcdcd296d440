using System.Reflection;
using System.Reflection.Metadata;
using System.Reflection.Metadata.Ecma335;
using System.Reflection.PortableExecutable;
using TrafficFlow.Core.Scene;
using TrafficFlow.Vision.Annotation;
using TrafficFlow.Vision.Privacy;
using TrafficFlow.Vision.Recording;
using TrafficFlow.Vision.Scene;
using TrafficFlow.Web.Pages.Reports;
using Xunit;

namespace TrafficFlow.SystemTests.Privacy;

/// <summary>Pictures become files and streams in few places, and each of them takes a <see cref="ShownPicture"/>: read from the compiled code.</summary>
public sealed class WaysOutTests
{
    private static readonly string[] s_encoders = ["ImWrite", "ImWriteMulti", "ImEncode", "ImShow", "ToBytes", "WriteToStream", "SaveImage", "VideoWriter"];

    [Fact]
    public void Only_a_shown_picture_slits_of_it_what_was_recorded_of_it_and_coarse_edges_are_encoded()
    {
        Assert.Equal(
            [$"{nameof(EdgePng)}.Draw", $"{nameof(RecordedFrame)}.{nameof(RecordedFrame.ToJpeg)}", $"{nameof(ShownPicture)}.SavePng", $"{nameof(ShownPicture)}.ToJpeg", $"{nameof(SlitScan)}.Png"],
            Assemblies().SelectMany(CallersOfEncoders).Distinct().Order());
    }

    [Fact]
    public void A_slit_a_film_and_a_recording_take_only_shown_pictures()
    {
        foreach (var type in new[] { typeof(SlitScan), typeof(VideoFileWriter), typeof(SegmentEncoder) })
        {
            var taken = type.GetMethods(BindingFlags.Public | BindingFlags.Instance | BindingFlags.DeclaredOnly).SelectMany(m => m.GetParameters()).Select(p => p.ParameterType);
            Assert.Equal([typeof(ShownPicture)], taken.Where(t => !t.IsPrimitive).Distinct());
        }
    }

    [Fact]
    public void Edges_are_drawn_of_what_has_no_pixels_of_a_camera()
    {
        var taken = typeof(EdgePng).GetMethods(BindingFlags.Public | BindingFlags.Static).SelectMany(m => m.GetParameters()).Select(p => p.ParameterType);
        Assert.Equal([typeof(EdgePicture), typeof(SceneEdges)], taken.Distinct());
        Assert.Equal(["SceneLook.ToPicture"], Assemblies().SelectMany(a => Callers(a, nameof(EdgePicture), ".ctor")).Where(c => !c.StartsWith(nameof(EdgePicture), StringComparison.Ordinal)).Distinct());
    }

    [Fact]
    public void Only_a_film_and_a_recording_give_pixels_to_another_process()
    {
        var writers = Assemblies().SelectMany(a => Callers(a, "Process", "get_StandardInput")).Distinct().ToList();

        Assert.NotEmpty(writers);
        // The rendered street is compressed and read again: nobody real is in it. A report is a text, and has no picture. What is decoded of a recording was coarse before. A simulator gets the end of its input alone.
        Assert.All(writers, w => Assert.Matches($"^({nameof(VideoFileWriter)}|{nameof(SegmentEncoder)}|{nameof(SegmentFrames)}|CompressedFrameReader|WeasyPrinter|SumoSimulator)\\b", w));
        Assert.Equal([typeof(string), typeof(CancellationToken)], typeof(IPdfPrinter).GetMethods().Single().GetParameters().Select(p => p.ParameterType));
    }

    [Fact]
    public void Jpegs_are_made_for_marking_and_for_those_who_look_at_a_camera() => Assert.Equal(
        [$"{nameof(LivePicture)}.Show", $"{nameof(Node.Mark.MarkedClip)}.Take"], Assemblies().SelectMany(a => Callers(a, nameof(ShownPicture), nameof(ShownPicture.ToJpeg))).Distinct().Order());

    [Fact]
    public void Areas_are_made_by_the_watch_alone()
    {
        Assert.All(typeof(Core.Privacy.PictureAreas).GetConstructors(BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Instance), c => Assert.True(c.IsAssembly));
        Assert.Equal(["PrivacyWatch.At"], Assemblies().SelectMany(a => Callers(a, "PictureAreas", ".ctor")).Distinct());
    }

    [Fact]
    public void Frames_of_recordings_are_made_by_what_decodes_them_alone() =>
        Assert.Equal([$"{nameof(SegmentFrames)}.FrameOf"], Assemblies().SelectMany(a => Callers(a, nameof(RecordedFrame), ".ctor")).Distinct());

    private static IEnumerable<string> Assemblies() => Directory.GetFiles(AppContext.BaseDirectory, "TrafficFlow.*.dll")
        .Append(Path.Combine(AppContext.BaseDirectory, "trafficflow.dll"))
        .Where(f => !Path.GetFileName(f).Contains("Tests", StringComparison.Ordinal));

    private static IEnumerable<string> CallersOfEncoders(string assembly) => s_encoders.SelectMany(e => e == "VideoWriter" ? Callers(assembly, e, ".ctor") : Callers(assembly, null, e, "OpenCvSharp"));

    /// <summary>Type.Method of each method whose code names a member of that type.</summary>
    private static List<string> Callers(string assembly, string? type, string member, string? space = null)
    {
        using var file = new PEReader(File.OpenRead(assembly));
        var metadata = file.GetMetadataReader();
        var tokens = new HashSet<int>();
        foreach (var handle in metadata.MemberReferences)
        {
            var reference = metadata.GetMemberReference(handle);
            if (metadata.GetString(reference.Name) != member || reference.Parent.Kind != HandleKind.TypeReference) continue;
            var parent = metadata.GetTypeReference((TypeReferenceHandle)reference.Parent);
            if (type is not null && metadata.GetString(parent.Name) != type) continue;
            if (space is null || metadata.GetString(parent.Namespace).StartsWith(space, StringComparison.Ordinal)) tokens.Add(MetadataTokens.GetToken(handle));
        }

        foreach (var handle in metadata.MethodDefinitions)
        {
            var method = metadata.GetMethodDefinition(handle);
            if (metadata.GetString(method.Name) == member && type is not null && metadata.GetString(metadata.GetTypeDefinition(method.GetDeclaringType()).Name) == type)
                tokens.Add(MetadataTokens.GetToken(handle));
        }

        var callers = new List<string>();
        foreach (var handle in metadata.MethodDefinitions)
        {
            var method = metadata.GetMethodDefinition(handle);
            if (method.RelativeVirtualAddress == 0 || !Names(file.GetMethodBody(method.RelativeVirtualAddress).GetILBytes(), tokens)) continue;
            var declaring = metadata.GetTypeDefinition(method.GetDeclaringType());
            // The state machine of an asynchronous method lies within its class.
            var outer = declaring.GetDeclaringType();
            callers.Add($"{metadata.GetString((outer.IsNil ? declaring : metadata.GetTypeDefinition(outer)).Name)}.{metadata.GetString(method.Name)}");
        }

        return callers;
    }

    /// <summary>A call, a new object or a method's address: one or two bytes, then the token.</summary>
    private static bool Names(byte[]? code, HashSet<int> tokens)
    {
        if (tokens.Count == 0 || code is null) return false;
        for (var i = 1; i + 4 <= code.Length; i++)
        {
            if (code[i - 1] is 0x28 or 0x6F or 0x73 or 0x06 && tokens.Contains(BitConverter.ToInt32(code, i))) return true;
        }

        return false;
    }
}
