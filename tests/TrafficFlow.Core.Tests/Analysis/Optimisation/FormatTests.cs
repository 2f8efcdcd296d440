using System.Text;
using CsCheck;
using TrafficFlow.Analysis.Optimisation;
using TrafficFlow.Analysis.Optimisation.Formats;
using Xunit;

namespace TrafficFlow.Core.Tests.Analysis.Optimisation;

public sealed class FormatTests
{
    /// <summary>As `json.dumps(dimod.BQM({'a': -1.0, 'b': 1.0}, {('a', 'b'): -1.0}, 0.5, 'SPIN').to_serializable())` of dimod 0.12 has it.</summary>
    private const string OfDimod =
        """
        {"type": "BinaryQuadraticModel", "version": {"bqm_schema": "3.0.0"}, "use_bytes": false, "index_type": "int32", "bias_type": "float64", "num_variables": 2, "num_interactions": 1,
         "variable_labels": ["a", "b"], "variable_type": "SPIN", "offset": 0.5, "info": {}, "linear_biases": [-1.0, 1.0], "quadratic_biases": [-1.0], "quadratic_head": [0], "quadratic_tail": [1]}
        """;

    [Fact]
    public void A_file_of_dimod_is_read()
    {
        var (model, version) = Json(OfDimod);

        Assert.Equal("3.0.0", version);
        Assert.Equal((Vartype.Spin, 0.5, 2), (model.Vartype, model.Offset, model.VariableCount));
        Assert.Equal([-1.0, 1.0], model.Linear.ToArray());
        Assert.Equal([new Coupling(0, 1, -1)], model.Couplings());
    }

    [Fact]
    public void The_file_is_that_of_dimod_word_by_word()
    {
        var written = Encoding.UTF8.GetString(DimodJson.Write(Json(OfDimod).Model));

        Assert.Equal(OfDimod.ReplaceLineEndings("").Replace(" ", "", StringComparison.Ordinal), written);
    }

    [Fact]
    public void What_is_written_as_JSON_is_read_back_as_it_was() =>
        Gen.OneOf(Models.Any(), Models.Grouped).Sample(model => AssertSame(model, DimodJson.Read(DimodJson.Write(model)).Model, isOrdered: true), iter: 300);

    [Fact]
    public void What_is_written_as_COO_is_read_back_as_it_was() =>
        Gen.OneOf(Models.Any().Select(m => m.WithoutLabels()), Models.Grouped).Sample(model => AssertSame(model, CooText.Read(CooText.Write(model)), isOrdered: false), iter: 300);

    [Fact]
    public void Numbers_of_any_size_survive_COO() =>
        Gen.Double.Where(double.IsFinite).Sample(bias =>
        {
            var text = CooText.Write(new QuadraticModelBuilder(Vartype.Binary).AddLinear(VariableLabel.Of(0), bias).Build());
            Assert.Equal(bias, CooText.Read(text).Linear[0]);
            Assert.DoesNotContain('E', text.Split('\n')[1]);
        });

    [Fact]
    public void COO_is_that_of_dimod()
    {
        var model = new QuadraticModelBuilder(Vartype.Binary)
            .AddLinear(VariableLabel.Of(0), -1)
            .AddQuadratic(VariableLabel.Of(0), VariableLabel.Of(1), 1)
            .AddQuadratic(VariableLabel.Of(1), VariableLabel.Of(2), -4.5)
            .Build();

        Assert.Equal("# vartype=BINARY\n0 0 -1.000000\n0 1 1.000000\n1 2 -4.500000\n", CooText.Write(model));
    }

    [Fact]
    public void COO_takes_the_vartype_from_anywhere_in_a_comment_as_dimod_does() =>
        Assert.Equal(Vartype.Spin, CooText.Read("# made by hand, vartype: SPIN\n0 1 2\n").Vartype);

    [Theory]
    [InlineData("0 1 2\n", "tells no vartype")]
    [InlineData("# vartype=SPIN\n# vartype=BINARY\n", "line 2 says vartype BINARY, and a line above says the other")]
    [InlineData("# vartype=INTEGER\n", "line 1 says vartype INTEGER")]
    [InlineData("# vartype=SPIN\n0 1\n", "line 2 is \"0 1\"")]
    [InlineData("# vartype=SPIN\n0 1 2 3\n", "line 2")]
    [InlineData("# vartype=SPIN\n0 -1 2\n", "line 2")]
    [InlineData("# vartype=SPIN\n0 1 NaN\n", "line 2")]
    [InlineData("# vartype=SPIN\n0 1 1e999\n", "line 2")]
    [InlineData("# vartype=SPIN\n# offset=x\n", "line 2 says offset x")]
    [InlineData("# vartype=SPIN\n# one-hot=0,a\n", "line 2 says one-hot=0,a")]
    [InlineData("# vartype=SPIN\n# one-hot=0,0\n0 1 1\n", "twice in one-hot groups")]
    [InlineData("# vartype=SPIN\n{\"type\": \"BinaryQuadraticModel\"}\n", "line 2")]
    public void Odd_COO_is_refused_with_the_line(string text, string expected) =>
        Assert.Contains(expected, Assert.Throws<QuadraticModelException>(() => CooText.Read(text)).Message, StringComparison.Ordinal);

    [Theory]
    [InlineData("\"type\": \"BinaryQuadraticModel\"", "\"type\": \"SampleSet\"", "the file's type is SampleSet")]
    [InlineData("3.0.0", "1.0.0", "bqm_schema 1.0.0 is read no more")]
    [InlineData("3.0.0", "4.0.0", "bqm_schema 4.0.0 is newer than this program knows")]
    [InlineData("3.0.0", "three", "no version")]
    [InlineData("\"version\"", "\"wersion\"", "tells no version.bqm_schema")]
    [InlineData("\"use_bytes\": false", "\"use_bytes\": true", "to_serializable(use_bytes=False)")]
    [InlineData("\"SPIN\"", "\"DISCRETE\"", "neither SPIN nor BINARY")]
    [InlineData("[\"a\", \"b\"]", "[\"a\", \"a\"]", "names a twice")]
    [InlineData("[\"a\", \"b\"]", "[\"a\", 1.5]", "labels are whole numbers")]
    [InlineData("[\"a\", \"b\"]", "[\"a\"]", "quadratic_tail has no index of one of 1 variables at entry 0")]
    [InlineData("[-1.0, 1.0]", "[-1.0]", "linear_biases says 1, but variable_labels has 2")]
    [InlineData("[-1.0, 1.0]", "[-1.0, \"1\"]", "linear_biases has no finite number at entry 1")]
    [InlineData("[-1.0, 1.0]", "[-1.0, 1e999]", "linear_biases has no finite number at entry 1")]
    [InlineData("[-1.0, 1.0]", "[-1.0, NaN]", "NaN are not JSON")]
    [InlineData("\"num_interactions\": 1", "\"num_interactions\": 2", "num_interactions says 2, but quadratic_biases has 1")]
    [InlineData("\"offset\": 0.5, ", "", "offset is missing")]
    [InlineData("\"offset\": 0.5, ", "\"offset\": 0.5, \"offset\": 1.5, ", "no JSON")]
    [InlineData("\"quadratic_tail\": [1]}", "", "the file is cut")]
    [InlineData("\"quadratic_tail\": [1]", "\"quadratic_tail\": [-1]", "quadratic_tail has no index of one of 2 variables at entry 0")]
    public void Odd_JSON_is_refused_with_the_reason(string from, string to, string expected)
    {
        Assert.Contains(from, OfDimod, StringComparison.Ordinal);
        var message = Assert.Throws<QuadraticModelException>(() => Json(OfDimod.Replace(from, to, StringComparison.Ordinal))).Message;
        Assert.Contains(expected, message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_file_cut_anywhere_is_refused()
    {
        var whole = Encoding.UTF8.GetBytes(OfDimod);
        for (var length = 0; length < whole.Length; length++) Assert.Throws<QuadraticModelException>(() => DimodJson.Read(whole.AsMemory(0, length)));
    }

    [Fact]
    public async Task A_huge_file_is_refused_before_it_is_read_whole()
    {
        var endless = new MemoryStream(new byte[1_000_000]);
        var limits = ModelLimits.Default with { FileBytes = 100_000 };

        await Assert.ThrowsAsync<QuadraticModelException>(() => DimodJson.ReadAsync(endless, limits, TestContext.Current.CancellationToken));
        Assert.InRange(endless.Position, 1, 200_000);
    }

    private static DimodFile Json(string text) => DimodJson.Read(Encoding.UTF8.GetBytes(text));

    private static void AssertSame(BinaryQuadraticModel expected, BinaryQuadraticModel read, bool isOrdered)
    {
        Assert.Equal((expected.Vartype, expected.Offset), (read.Vartype, read.Offset));
        if (isOrdered) Assert.Equal(expected.Labels, read.Labels);
        else Assert.Equal(expected.Labels.ToHashSet(), read.Labels.ToHashSet());
        var to = expected.Labels.Select(l => read.IndexOf(l)!.Value).ToArray();
        for (var i = 0; i < to.Length; i++) Assert.Equal(expected.Linear[i], read.Linear[to[i]]);
        Assert.Equal(expected.CouplingCount, read.CouplingCount);
        foreach (var (u, v, bias) in expected.Couplings()) Assert.Equal(bias, read.CouplingOf(to[u], to[v]));
        Assert.Equal(expected.Groups.Select(g => new OneHotGroup([.. g.Members.Select(m => to[m])])), read.Groups);
    }
}
