// Images in a table: each row of digits.csv holds the 8 x 8 pixels of a handwritten digit. Unflatten turns each row into an image. A
// convolution slides a window of 3 x 3 weights over it: each pixel of the output is the weighted sum of the pixels under the window, plus
// a bias. The first convolution has 16 such windows, so its output is an image with 16 channels. BatchNorm2d brings each channel to mean 0
// and variance 1 over the batch, then scales and shifts it. MaxPool2d(2) keeps the largest of each 2 x 2 pixels, which halves width and
// height.
//
// In the debugger: this lesson uses the fast kernels. To step through the readable ones, delete the line in the project file that removes
// MiniNet.Kernels. Then set a breakpoint in Backward of Conv2d.cs and press F11.
//
// Training takes about half a minute in a Debug build, and a few seconds with dotnet run -c Release. The program uses seed 1. With an
// argument, as in dotnet run -c Release 5, it trains that many networks, each with its own seed and split.
using System.Globalization;

var data = CsvDataset.Load(Path.Combine(AppContext.BaseDirectory, "digits.csv"), target: "digit");
ulong seeds = args is [var count] ? ulong.Parse(count, CultureInfo.InvariantCulture) : 1;
double sum = 0;
for (ulong seed = 1; seed <= seeds; seed++)
{
    var (training, validation, test) = data.Split(70, 15, 15, seed);
    var preprocessing = Preprocessing.Fit(training);
    var model = new Sequential(
        seed,
        new Unflatten(1, 8, 8),                                                 // [n, 64] -> [n, 1, 8, 8]
        new Conv2d(1, 16, kernelSize: 3, padding: 1), new BatchNorm2d(16), new ReLU(), new MaxPool2d(2),    // -> [n, 16, 4, 4]
        new Conv2d(16, 32, kernelSize: 3, padding: 1), new BatchNorm2d(32), new ReLU(), new MaxPool2d(2),   // -> [n, 32, 2, 2]
        new Flatten(), new Linear(32 * 2 * 2, 10));
    if (seed == 1)
    {
        Console.WriteLine(model.Summary(rows: 32));
    }

    var trainer = new Trainer(model, new Adam(model.Parameters, learningRate: 0.003f));
    trainer.Train(preprocessing.Apply(training), preprocessing.Apply(validation), epochs: 60, onEpoch: Console.WriteLine);

    double accuracy = Accuracy.Of(model, preprocessing.Apply(test));
    sum += accuracy;
    Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"seed {seed}: test accuracy {accuracy:F4}"));
}

Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"mean test accuracy {sum / seeds:F4}"));
