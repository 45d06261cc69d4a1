namespace MiniNet.Tests.Cli;

/// <summary>Tests that bad input prints one line that names the place, returns the right exit code, and leaves no files behind.</summary>
public sealed class BadInputTests : IDisposable
{
    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Theory]
    [InlineData("", "DATA: the file is empty; it needs a line of column names and rows under it.")]
    [InlineData("a,b,y\n", "DATA: there are no rows under the header.")]
    [InlineData("a,b,z\n1,2,u\n", "DATA: there is no target column 'y'. The columns are a, b, z.")]
    [InlineData("a,a,y\n1,2,u\n", "DATA: columns 1 and 2 are both called 'a'; rename one.")]
    [InlineData(
        "a,,y\n1,2,u\n", "DATA: column 2 has no name; name every column in the first line (from pandas, save the file with index=False).")]
    [InlineData("a,b,y\n1,2,u\n1,2\n", "DATA, row 2 (line 3): the row has 2 cells, but the header has 3.")]
    [InlineData("a,b,y\n1,2,u\n1,2,u,4\n", "DATA, row 2 (line 3): the row has 4 cells, but the header has 3.")]
    [InlineData("a,b,y\n1,2,u\n1,,u\n", "DATA, row 2 (line 3), column 'b': the cell is empty; fill it in, or remove the row.")]
    [InlineData(
        "a,b,y\n1,2,u\n1,NaN,u\n",
        "DATA, row 2 (line 3), column 'b': 'NaN' is not a finite number that fits float32; correct it, or remove the row.")]
    [InlineData(
        "a,b,y\n1,2,u\n1,-inf,u\n",
        "DATA, row 2 (line 3), column 'b': '-inf' is not a finite number that fits float32; correct it, or remove the row.")]
    [InlineData(
        "a,b,y\n1,2,u\n1,1e99,u\n",
        "DATA, row 2 (line 3), column 'b': '1e99' is not a finite number that fits float32; correct it, or remove the row.")]
    [InlineData("a,b,y\n1,2,u\n2,3,u\n", "DATA: the target 'y' is 'u' in every row; a classifier needs at least two classes.")]
    [InlineData(
        "a,b,y\n1,2,u\n2,3,v\n2,3,v\n2,3,v\n",
        "DATA: class 'u' of 'y' has 1 row(s), but needs at least 3: one each for training, validation and test. Add rows, or remove " +
        "the class.")]
    [InlineData(
        "a,b,y\n\"1,2,u\n2,3,v\n",
        "DATA, line 2: a quote is out of place or never closed; write a cell with quotes or separators as \"like \"\"this\"\", one\".")]
    [InlineData("y\nu\nv\n", "DATA: the target 'y' is the only column; add columns to predict it from.")]
    public void Train_BadFile_ReportsThePlace(string content, string message)
    {
        string data = folder.Write("data.csv", content);
        AssertRefused(
            1, message.Replace("DATA", data, StringComparison.Ordinal), "train", data, "--target", "y", "--output", folder["run"]);
    }

    [Fact]
    public void Train_MissingFile_ReportsIt() =>
        AssertRefused(
            1, $"{folder["no.csv"]}: there is no such file.", "train", folder["no.csv"], "--target", "y", "--output", folder["run"]);

    [Fact]
    public void Train_MisspelledTarget_SuggestsTheNearestColumn()
    {
        string iris = Repository.Dataset("iris.csv");
        AssertRefused(
            1,
            $"{iris}: there is no target column 'Specis'; did you mean 'species'? The columns are sepal_length, sepal_width, " +
            "petal_length, petal_width, species.",
            "train", iris, "--target", "Specis", "--output", folder["run"]);
    }

    [Fact]
    public void Train_WordAmongNumbers_ReportsTheCell()
    {
        IEnumerable<string> rows = Enumerable.Range(1, 40).Select(i => $"{(i == 23 ? "four" : i)},{(i % 2 == 0 ? "u" : "v")}");
        string data = folder.Write("data.csv", "a,y\n" + string.Join('\n', rows) + "\n");
        AssertRefused(
            1,
            $"{data}, row 23 (line 24), column 'a': 'four' is not a number, but at least 95 % of this column are; correct it, or " +
            "remove the row.",
            "train", data, "--target", "y", "--output", folder["run"]);
    }

    [Fact]
    public void Train_NumericTargetWithManyValues_Fails()
    {
        string data = folder.Write(
            "data.csv", "a,y\n" + string.Join('\n', Enumerable.Range(1, 60).Select(i => $"{i},{i * 3 % 40}")) + "\n");
        AssertRefused(
            1,
            $"{data}: the target 'y' holds 40 different numbers in 60 rows, too many for classes. " +
            "Predicting a number (regression) is not supported yet: choose a target with few, repeated values, or write its classes " +
            "as words.",
            "train", data, "--target", "y", "--output", folder["run"]);
    }

    [Fact]
    public void Train_InvalidOutput_FailsBeforeTraining()
    {
        string iris = Repository.Dataset("iris.csv"), inAFile = Path.Combine(folder.Write("file", ""), "run");
        Mininet.Outcome outcome = Mininet.Run("train", iris, "--target", "species", "--json", "--output", inAFile);
        Assert.Equal(1, outcome.ExitCode);
        Assert.StartsWith($"{inAFile}: cannot be used as the run folder: ", outcome.Error(), StringComparison.Ordinal);
        Assert.EndsWith("Choose another with --output.", outcome.Error(), StringComparison.Ordinal);
    }

    [Fact]
    public void Train_LossBecomesNaN_ReportsEpochBatchAndNode()
    {
        Mininet.Outcome outcome = Mininet.Run(
            "train", Repository.Dataset("iris.csv"), "--target", "species", "--optimizer", "sgd", "--learning-rate", "100",
            "--hidden", "64,64,64", "--batch-size", "4", "--quiet", "--output", folder["run"]);
        Assert.Equal(1, outcome.ExitCode);
        Assert.Matches(
            @"^epoch \d+, batch \d+: the loss is (NaN|∞|-∞|Infinity|-Infinity); the first node with such a value is " +
            @"\S+ \(.+\)\. Lower the learning rate, which is 100, or check the data\. To step through it: mininet replay .+ --first-nan$",
            outcome.Error());
    }

    [Theory]
    [InlineData("--seed", "-1", "--seed must be a number from 0 to 18446744073709551615, not '-1'.")]
    [InlineData("--epochs", "0", "--epochs must be a number from 1 to 1000000, not '0'.")]
    [InlineData("--epochs", "many", "--epochs must be a number from 1 to 1000000, not 'many'.")]
    [InlineData("--batch-size", "0", "--batch-size must be a number from 1 to 1000000, not '0'.")]
    [InlineData("--learning-rate", "0", "--learning-rate must be a number from 1E-08 to 100, not '0'.")]
    [InlineData("--learning-rate", "NaN", "--learning-rate must be a number from 1E-08 to 100, not 'NaN'.")]
    [InlineData("--optimizer", "newton", "--optimizer must be one of adam, sgd, adamw, nadam, rmsprop, adagrad, rprop, not 'newton'.")]
    [InlineData("--hidden", "64,0", "--hidden must be widths from 1 to 65536, such as 64,32, or none, not '64,0'.")]
    [InlineData(
        "--activation",
        "1",
        "--activation must be one of relu, tanh, sigmoid, leakyrelu, elu, gelu, silu, softplus, softmax, logsoftmax, not '1'.")]
    [InlineData(
        "--schedule", "up", "--schedule must be one of constant, step, exponential, cosine, onecycle, warmup, plateau, not 'up'.")]
    [InlineData("--weight-decay", "-1", "--weight-decay must be a number from 0 to 1, not '-1'.")]
    [InlineData("--max-gradient-norm", "0", "--max-gradient-norm must be a number from 1E-06 to 1000000, not '0'.")]
    [InlineData("--dropout", "1", "--dropout must be a number from 0 to 0.99, not '1'.")]
    [InlineData("--split", "70/30", "--split must be three numbers above 0 that add up to 100, such as 70/15/15, not '70/30'.")]
    [InlineData("--split", "80/20/0", "--split must be three numbers above 0 that add up to 100, such as 70/15/15, not '80/20/0'.")]
    [InlineData("--patience", "0", "--patience must be a number from 1 to 1000000, not '0'.")]
    [InlineData("--threads", "0", "--threads must be a number from 1 to 1024, not '0'.")]
    public void Train_OptionOutOfRange_IsAUsageError(string option, string value, string message) =>
        AssertRefused(2, message, "train", Repository.Dataset("iris.csv"), "--target", "species", "--output", folder["run"], option, value);

    [Theory]
    [InlineData("predicted_y")]
    [InlineData("probability_u")]
    [InlineData("probability_v")]
    public void Train_ColumnNamedLikeAPrediction_Fails(string column)
    {
        string data = folder.Write(
            "data.csv",
            $"a,{column},y\n" + string.Concat(Enumerable.Range(0, 20).Select(i => $"{i},{i % 2},{(i % 2 == 0 ? "u" : "v")}\n")));
        AssertRefused(
            1,
            $"{data}: column '{column}' looks like the output of an earlier prediction of 'y'. " +
            "Remove it; training on it would leak the answers.",
            "train", data, "--target", "y", "--output", folder["run"]);
    }

    [Fact]
    public void Train_TooLargeNetwork_ReportsIt() => AssertRefused(
        1,
        "Linear 65536 -> 65536: 4294967296 weights are more than one tensor can hold; make one of the two smaller",
        "train", Repository.Dataset("iris.csv"), "--target", "species", "--hidden", "65536,65536", "--output", folder["run"]);

    [Theory]
    [InlineData("train", "")]
    [InlineData("train", " ")]
    [InlineData("predict", "")]
    [InlineData("plot", "")]
    public void EmptyOutput_IsAUsageError(string command, string output)
    {
        string[] input = command switch
        {
            "train" => [Repository.Dataset("iris.csv"), "--target", "species"],
            "predict" => [folder["no.safetensors"], Repository.Dataset("iris.csv")],
            _ => [folder["no"]],
        };
        AssertRefused(2, "--output must be a path, not ''.", [command, .. input, "--output", output]);
    }

    [Fact]
    public void NoCommand_ListsCommands() =>
        AssertRefused(
            2,
            "a command is missing. The commands are train, predict, evaluate, plot, graph, explain, sensitivity, replay, landscape, " +
            "surface. See mininet --help.");

    [Theory]
    [InlineData("trian")]
    [InlineData("Train")]
    public void UnknownCommand_ListsCommands(string command) => AssertRefused(
        2,
        $"there is no command '{command}'. The commands are train, predict, evaluate, plot, graph, explain, sensitivity, replay, " +
        "landscape, surface. See mininet --help.",
        command, Repository.Dataset("iris.csv"), "--target", "species", "--output", folder["run"]);

    [Theory]
    [InlineData("notes.txt")]
    [InlineData("model.safetensors")] // without run.json, it is not a run
    [InlineData("run.json")]
    public void Train_OutputFolderWithOtherFiles_Fails(string name)
    {
        Directory.CreateDirectory(folder["run"]);
        string file = folder.Write(Path.Combine("run", name), "keep me");
        Mininet.Outcome outcome = Mininet.Run("train", Repository.Dataset("iris.csv"), "--target", "species", "--output", folder["run"]);
        Assert.Equal(
            (1, $"{folder["run"]}: cannot be used as the run folder: it is not empty and does not hold an earlier run. " +
                "Choose another with --output."),
            (outcome.ExitCode, outcome.Error()));
        Assert.Equal([file], Directory.GetFileSystemEntries(folder["run"]));
        Assert.Equal("keep me", File.ReadAllText(file));
    }

    [Fact]
    public void Train_MissingTarget_IsAUsageError() =>
        AssertRefused(2, "Option '--target' is required.", "train", Repository.Dataset("iris.csv"), "--output", folder["run"]);

    [Fact]
    public void Kernels_UnknownName_IsAUsageError()
    {
        Mininet.Outcome outcome = Mininet.Run(
            new Dictionary<string, string>(StringComparer.Ordinal) { ["MININET_KERNELS"] = "fast" },
            "train", Repository.Dataset("iris.csv"), "--target", "species");
        Assert.Equal(
            (
                2,
                "The environment variable MININET_KERNELS (or the runtime option MiniNet.Kernels) is 'fast'; " +
                "set it to 'plain' or 'simd'."),
            (outcome.ExitCode, outcome.Error()));
    }

    [Fact]
    public void Plot_MissingRun_ReportsIt()
    {
        string history = Path.Combine(folder["no"], "history.csv");
        AssertRefused(1, $"{history}: there is no such file.", "plot", folder["no"]);
    }

    private void AssertRefused(int exitCode, string message, params string[] arguments)
    {
        Mininet.Outcome outcome = Mininet.Run(arguments);
        Assert.Equal((exitCode, message), (outcome.ExitCode, outcome.Error()));
        Assert.False(Directory.Exists(folder["run"]), "the run folder was left behind");
    }
}
