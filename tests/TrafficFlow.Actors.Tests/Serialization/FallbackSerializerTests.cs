using System.Collections.Immutable;
using System.Runtime.Serialization;
using System.Text;
using Akka.Actor;
using Akka.Persistence;
using Akka.TestKit.Xunit;
using TrafficFlow.Actors.Tests.Support;
using TrafficFlow.Wire.Serialization;

namespace TrafficFlow.Actors.Tests.Serialization;

/// <summary>What the last serializer in the row writes, and what it can be made to read.</summary>
public sealed class FallbackSerializerTests() : TestKit(TestConfig.Reference)
{
    private StrictFallbackSerializer Fallback => new((ExtendedActorSystem)Sys);

    [Fact]
    public void Types_of_Akka_and_plain_values_go_there_and_back()
    {
        object[] samples = [new SnapshotMetadata("a", 7, new DateTime(2026, 4, 1, 0, 0, 0, DateTimeKind.Utc)), "text", 7L, new[] { 1.5, 2 }, ImmutableList.Create("a", "b")];
        foreach (var sample in samples) Assert.Equal(sample, Fallback.FromBinary(Fallback.ToBinary(sample), sample.GetType()));
    }

    [Theory]
    [InlineData(typeof(System.Diagnostics.Process))]
    [InlineData(typeof(FileInfo))]
    [InlineData(typeof(List<FileInfo>))]
    [InlineData(typeof(TestSites))]
    public void Any_other_type_is_not_read_whoever_names_it(Type named) =>
        Assert.Throws<SerializationException>(() => Fallback.FromBinary("{}"u8.ToArray(), named));

    [Fact]
    public void Nor_is_one_that_the_text_itself_names()
    {
        var text = $$"""{ "$type": "{{typeof(FileInfo).AssemblyQualifiedName}}", "fileName": "/etc/passwd" }""";

        var e = Assert.ThrowsAny<Exception>(() => Fallback.FromBinary(Encoding.UTF8.GetBytes(text), typeof(object)));

        Assert.Contains("is not read", e.GetBaseException().Message);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(7322)]
    public void A_text_that_names_what_truncates_a_file_truncates_none(int serializer)
    {
        var file = Path.GetTempFileName();
        try
        {
            File.WriteAllText(file, "precious");
            var text = $$"""{ "$type": "{{typeof(StreamWriter).AssemblyQualifiedName}}", "path": "{{file}}" }""";

            Assert.ThrowsAny<Exception>(() => Sys.Serialization.Deserialize(Encoding.UTF8.GetBytes(text), serializer, typeof(object).AssemblyQualifiedName!));
            Assert.ThrowsAny<Exception>(() => Sys.Serialization.Deserialize(Encoding.UTF8.GetBytes(text), serializer, typeof(StreamWriter).AssemblyQualifiedName!));

            Assert.Equal("precious", File.ReadAllText(file));
        }
        finally
        {
            File.Delete(file);
        }
    }
}
